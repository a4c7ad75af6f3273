import { colloquyError } from '@colloquy/core';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { refuseConfig } from './config-problems.js';
import { configSchema, type Config } from './config-schema.js';
import { substituteVariables, type Environment } from './substitute-variables.js';
import { validateValues } from './validate-values.js';

export interface LoadConfigOptions {
  /** Values for `${NAME}`. Default: none. */
  readonly env?: Environment;
  /** Name of the file in errors. Default: colloquy.yaml. */
  readonly file?: string;
}

/** A configuration, and what later checks need to tell where a problem lies. */
export interface LoadedConfig {
  readonly config: Config;
  readonly file: string;
  /** Paths of values that came from variables. */
  readonly fromEnvironment: ReadonlySet<string>;
  readonly lineOf: (path: readonly PropertyKey[]) => number | undefined;
}

/**
 * Reads the text of a colloquy.yaml. An empty text is the default configuration. Throws CONFIG_REFUSED with all problems at
 * once (`problemsOf`). What only the stages can tell is for checkConfig.
 */
export function loadConfig(text: string, options: LoadConfigOptions = {}): LoadedConfig {
  const { env = {}, file = 'colloquy.yaml' } = options;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  // One break makes many errors: the first is the one to mend.
  refuseConfig(file, document.errors.slice(0, 1).map(({ pos, message }) => colloquyError('CONFIG_NOT_YAML', { problem: message.replace(/\s+/g, ' '), file, line: lines.linePos(pos[0]).line })));
  const substituted = substituteVariables(document.toJS() ?? {}, env);
  const origin = { file, fromEnvironment: substituted.paths, lineOf: (path: readonly PropertyKey[]) => lineOf(document, lines, path) };
  const checked = validateValues(configSchema, substituted.value, origin);
  const invalid = checked.problems.map(({ path, problem }) => colloquyError('CONFIG_INVALID', { path: path || '(top level)', problem }));
  refuseConfig(file, [...substituted.problems, ...invalid]);
  return { config: checked.value as Config, ...origin };
}

/** The line of the value at a path, or of the nearest one around it. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return lines.linePos(node.range[0] as number).line;
  }
  return undefined;
}
