import { colloquyError, type ColloquyError } from '@colloquy/core';
import { LineCounter, parseDocument, type Document } from 'yaml';
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
  /**
   * CONFIG_INVALID and CONFIG_VARIABLE_MISSING. Where there are some, the keys at the top that they lie in have their defaults
   * in `config`; buildPipeline and createRuntime refuse them together with what they find themselves.
   */
  readonly problems: readonly ColloquyError[];
  readonly file: string;
  /** Paths of values that came from variables. */
  readonly fromEnvironment: ReadonlySet<string>;
  readonly lineOf: (path: readonly PropertyKey[]) => number | undefined;
}

/** Reads the text of a colloquy.yaml. An empty text is the default configuration. Throws CONFIG_NOT_YAML. */
export function loadConfig(text: string, options: LoadConfigOptions = {}): LoadedConfig {
  const { env = {}, file = 'colloquy.yaml' } = options;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  // One break makes many errors: the first is the one to mend.
  const [broken] = document.errors;
  if (broken !== undefined) throw colloquyError('CONFIG_NOT_YAML', { problem: broken.message.replace(/\s+/g, ' '), file, line: lines.linePos(broken.pos[0]).line });
  const substituted = substituteVariables(document.toJS() ?? {}, env);
  const origin = { file, fromEnvironment: substituted.paths, lineOf: (path: readonly PropertyKey[]) => lineOf(document, lines, path) };
  const checked = validateValues(configSchema, substituted.value, origin);
  const invalid = checked.problems.map(({ path, problem }) => colloquyError('CONFIG_INVALID', { path: path || '(top level)', problem }));
  const problems = [...substituted.problems, ...invalid];
  return { config: checked.value ?? withoutProblems(substituted.value, problems, origin), problems, ...origin };
}

/** The configuration without the keys at the top that have problems. */
function withoutProblems(value: unknown, problems: readonly ColloquyError[], origin: Pick<LoadedConfig, 'fromEnvironment'>): Config {
  const broken = new Set(problems.map(({ details }) => String(details['path']).split('.')[0]));
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const rest = isObject ? Object.fromEntries(Object.entries(value).filter(([key]) => !broken.has(key))) : {};
  return validateValues(configSchema, rest, origin).value ?? configSchema.parse({});
}

/** The line of the value at a path, or of the nearest one around it. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return lines.linePos(node.range[0] as number).line;
  }
  return undefined;
}
