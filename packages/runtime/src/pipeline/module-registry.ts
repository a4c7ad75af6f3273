import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { colloquyError, type ColloquyError, type StageFactory } from '@colloquy/core';
import type { StageRegistry } from './stage-registry.js';

export interface ModuleRegistry {
  readonly registry: StageRegistry;
  /** CONFIG_MODULE_INVALID, one a module. */
  readonly problems: readonly ColloquyError[];
}

/** Loads the modules of `modules:` and collects every stage factory they export. Paths are relative to `baseDir`. */
export async function moduleRegistry(modules: readonly string[], baseDir: string): Promise<ModuleRegistry> {
  const registry: Record<string, () => Promise<StageFactory>> = {};
  const problems: ColloquyError[] = [];
  for (const [index, module] of modules.entries()) {
    const refuse = (problem: string, cause?: unknown) => problems.push(colloquyError('CONFIG_MODULE_INVALID', { path: `modules.${index}`, problem, module }, cause));
    try {
      const exported = Object.values((await import(specifierOf(module, baseDir))) as Record<string, unknown>).filter(isStageFactory);
      if (exported.length === 0) refuse('no stage');
      for (const factory of exported) registry[factory.id] = () => Promise.resolve(factory);
    } catch (error) {
      refuse(error instanceof Error && 'code' in error ? String(error.code) : 'an error', error);
    }
  }
  return { registry, problems };
}

function specifierOf(module: string, baseDir: string): string {
  return module.startsWith('.') || isAbsolute(module) ? pathToFileURL(resolve(baseDir, module)).href : module;
}

function isStageFactory(value: unknown): value is StageFactory {
  return typeof value === 'function' && 'id' in value && 'requires' in value && 'provides' in value && 'options' in value;
}
