import type { StandardSchema } from '@colloquy/core';

export interface Validated<T> {
  /** Absent where there are problems. */
  readonly value?: T;
  /** What was checked: the value as given, text from the environment converted. */
  readonly input: unknown;
  readonly problems: readonly ValueProblem[];
}

interface ValueProblem {
  /** Keys and indexes joined by `.`, `at` excluded; empty for the value itself. */
  readonly path: string;
  /** What was found and what was expected, with the line in the file where it is known. */
  readonly problem: string;
}

export interface ValidateOptions {
  /** Path of the value in the file. */
  readonly at?: readonly PropertyKey[];
  /** Paths of values that came from the environment: text that becomes a number, boolean or list where the schema wants one. */
  readonly fromEnvironment?: ReadonlySet<string>;
  /** Where a path lies in the file. */
  readonly lineOf?: (path: readonly PropertyKey[]) => number | undefined;
}

/** Checks a value and tells every problem at once. */
export function validateValues<T>(schema: StandardSchema<unknown, T>, value: unknown, options: ValidateOptions = {}): Validated<T> {
  const at = options.at ?? [];
  let current = value;
  let issues = issuesOf(schema, current);
  const converted = issues.reduce((whole, { path, expected }) => {
    if (options.fromEnvironment?.has([...at, ...path].join('.')) !== true) return whole;
    return replaceAt(whole, path, (text) => fromText(text, expected));
  }, current);
  if (converted !== current) {
    current = converted;
    issues = issuesOf(schema, current);
  }
  if (issues.length === 0) return { value: resultOf(schema, current), input: current, problems: [] };
  return {
    input: current,
    problems: issues.map(({ path, problem }) => {
      const line = options.lineOf?.([...at, ...path]);
      return { path: path.join('.'), problem: line === undefined ? problem : `${problem} (line ${line})` };
    }),
  };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly problem: string;
  readonly expected?: string | undefined;
}

/** What zod tells beyond the Standard Schema; absent in issues of other libraries. */
interface ZodIssue {
  readonly code?: string;
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly expected?: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly errors?: readonly (readonly ZodIssue[])[];
  readonly discriminator?: string;
  readonly options?: readonly unknown[];
}

function issuesOf(schema: StandardSchema, value: unknown): readonly Issue[] {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) return [{ path: [], problem: 'found an asynchronous schema; expected a synchronous one' }];
  return (result.issues ?? []).flatMap((issue) => flatten(issue, [], value));
}

function resultOf<T>(schema: StandardSchema<unknown, T>, value: unknown): T {
  return (schema['~standard'].validate(value) as { readonly value: T }).value;
}

function flatten(issue: ZodIssue, parents: readonly PropertyKey[], whole: unknown): readonly Issue[] {
  const path = [...parents, ...(issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part))];
  const found = describe(valueAt(whole, path));
  switch (issue.code) {
    case 'unrecognized_keys':
      return (issue.keys ?? []).map((key) => ({ path: [...path, key], problem: 'found an unknown key; expected only documented ones' }));
    case 'invalid_type':
      return [{ path, problem: `found ${found}; expected ${article(issue.expected ?? 'another type')}`, expected: issue.expected }];
    case 'invalid_value':
      return [{ path, problem: `found ${found}; expected ${(issue.values ?? []).map(String).join(', ')}` }];
    case 'invalid_union':
      return flattenUnion(issue, path, whole, found);
    default:
      return [{ path, problem: issue.code === 'invalid_format' ? `found ${found}; ${issue.message}` : lowerFirst(issue.message) }];
  }
}

/** Tells the problems of the branch that was meant: the one whose shape fits furthest from the top. */
function flattenUnion(issue: ZodIssue, path: readonly PropertyKey[], whole: unknown, found: string): readonly Issue[] {
  if (issue.discriminator !== undefined) {
    const options = issue.options ?? [];
    return [{ path, problem: `found ${found}${options.length === 0 ? '; expected a known one' : `; expected ${options.map(String).join(', ')}`}` }];
  }
  const depthOf = (branch: readonly ZodIssue[]) => Math.min(...branch.map(({ path: inner, code }) => (code === 'unrecognized_keys' || code === 'invalid_key' ? 0 : (inner ?? []).length)));
  const best = [...(issue.errors ?? [])].sort((a, b) => depthOf(b) - depthOf(a))[0];
  if (best === undefined || depthOf(best) === 0) return [{ path, problem: `found ${found}; ${issue.message}` }];
  return best.flatMap((inner) => flatten(inner, path, whole));
}

/** The value itself only where it is a short word, so that no secret is repeated. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return /^[\w@.-]{1,32}$/.test(value) ? `"${value}"` : 'a text';
  return typeof value === 'object' ? 'an object' : `${typeof value} ${String(value)}`;
}

function article(expected: string): string {
  const names: Record<string, string> = { array: 'a list', object: 'an object', record: 'an object', string: 'a text', int: 'a whole number' };
  return names[expected] ?? `a ${expected}`;
}

function fromText(text: unknown, expected: string | undefined): unknown {
  if (typeof text !== 'string') return text;
  if ((expected === 'number' || expected === 'int') && /^\s*-?\d+(\.\d+)?\s*$/.test(text)) return Number(text);
  if (expected === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (expected === 'array') return text.split(',').map((item) => item.trim()).filter((item) => item !== '');
  return text;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((node, key) => (typeof node === 'object' && node !== null ? (node as Record<PropertyKey, unknown>)[key] : undefined), value);
}

function replaceAt(value: unknown, path: readonly PropertyKey[], change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === key ? replaceAt(item, rest, change) : item));
  const record = value as Record<PropertyKey, unknown>;
  return { ...record, [key]: replaceAt(record[key], rest, change) };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
