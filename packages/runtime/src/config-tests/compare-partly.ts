export interface Difference {
  /** Keys and indexes joined by `.`. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * What of `expected` is not in `actual`; empty where all is. Objects: only the written keys count. Lists: the written items
 * must be there in this order, others may lie between. null: absent. Text such as ">= 0.5" against a number: compared.
 */
export function comparePartly(expected: unknown, actual: unknown, path = ''): readonly Difference[] {
  if (expected === null) return actual === undefined || actual === null ? [] : [{ path, expected: 'nothing', found: show(actual) }];
  if (Array.isArray(expected)) return compareLists(expected, actual, path);
  if (typeof expected === 'object' && expected !== undefined) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return [{ path, expected: show(expected), found: show(actual) }];
    return Object.entries(expected).flatMap(([key, value]) => comparePartly(value, (actual as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`));
  }
  return fits(expected, actual) ? [] : [{ path, expected: show(expected), found: show(actual) }];
}

function compareLists(expected: readonly unknown[], actual: unknown, path: string): readonly Difference[] {
  if (!Array.isArray(actual)) return [{ path, expected: show(expected), found: show(actual) }];
  let next = 0;
  for (const [index, item] of expected.entries()) {
    const at = actual.findIndex((candidate, position) => position >= next && comparePartly(item, candidate).length === 0);
    if (at < 0) return [{ path: `${path}.${index}`, expected: show(item), found: show(actual.slice(next)) }];
    next = at + 1;
  }
  return [];
}

function fits(expected: unknown, actual: unknown): boolean {
  const bound = typeof expected === 'string' && typeof actual === 'number' ? /^(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)$/.exec(expected) : null;
  if (bound === null) return Object.is(expected, actual);
  const limit = Number(bound[2]);
  const number = actual as number;
  return bound[1] === '>=' ? number >= limit : bound[1] === '<=' ? number <= limit : bound[1] === '>' ? number > limit : number < limit;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value, (key, inner: unknown) => (key === 'source' || key === 'why' ? undefined : inner));
}
