import type { StageFactory } from '@colloquy/core';
import { z } from 'zod';
import { configSchema } from './config-schema.js';

export interface JsonSchema {
  [keyword: string]: unknown;
  $defs?: Record<string, JsonSchema>;
  anyOf?: JsonSchema[];
}

/** JSON Schema (draft 2020-12) of colloquy.yaml for editors. The options of the given stages are in it, so that they complete too. */
export function configJsonSchema(factories: readonly StageFactory[]): JsonSchema {
  const schema = z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema;
  const entry = schema.$defs?.['PipelineEntry'];
  const stageWithOptions = entry?.anyOf?.at(-1);
  if (stageWithOptions !== undefined) {
    stageWithOptions['properties'] = Object.fromEntries(
      factories.map((factory) => [factory.id, { ...optionsJsonSchema(factory), description: factory.summary }]),
    );
    stageWithOptions['minProperties'] = 1;
    stageWithOptions['maxProperties'] = 1;
  }
  return { $schema: schema['$schema'], title: 'colloquy.yaml', ...schema };
}

/** JSON Schema of a stage's options; anything goes where its schema is not of zod. */
export function optionsJsonSchema({ options }: StageFactory): JsonSchema {
  if (options['~standard'].vendor !== 'zod') return {};
  const { $schema: _, ...schema } = z.toJSONSchema(options as unknown as z.ZodType, { io: 'input' }) as JsonSchema;
  return schema;
}
