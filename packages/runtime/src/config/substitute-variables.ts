import { colloquyError, type ColloquyError } from '@colloquy/core';

/** Environment variables, handed in by the app. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Substituted {
  readonly value: unknown;
  /** Paths (joined by `.`) of values that came from the environment, and are text whatever the field wants. */
  readonly paths: ReadonlySet<string>;
  /** CONFIG_VARIABLE_MISSING, one a variable. */
  readonly problems: readonly ColloquyError[];
}

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every string of a parsed YAML value, keys excepted; `$${` stands for `${`.
 * An empty variable counts as missing where there is a default, as in a shell.
 */
export function substituteVariables(value: unknown, env: Environment): Substituted {
  const paths = new Set<string>();
  const problems: ColloquyError[] = [];
  const walk = (node: unknown, path: readonly (string | number)[]): unknown => {
    if (typeof node === 'string') return text(node, path.join('.'));
    if (Array.isArray(node)) return node.map((item, index) => walk(item, [...path, index]));
    if (typeof node === 'object' && node !== null) return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, walk(item, [...path, key])]));
    return node;
  };
  const text = (raw: string, path: string): string =>
    raw.replace(pattern, (whole, escaped: string | undefined, variable: string | undefined, fallback: string | undefined) => {
      if (escaped !== undefined || variable === undefined) return '${';
      paths.add(path);
      const given = env[variable];
      if (given !== undefined && (given !== '' || fallback === undefined)) return given;
      if (fallback !== undefined) return fallback;
      problems.push(colloquyError('CONFIG_VARIABLE_MISSING', { path, variable }));
      return whole;
    });
  return { value: walk(value, []), paths, problems };
}

const pattern = /(\$\$\{)|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
