import { colloquyError } from '@colloquy/core';
import type { z } from 'zod';

/** The query checked by its schema, with defaults filled. Throws QUERY_INVALID, which never quotes what was found. */
export function parseQuery<T extends z.ZodObject>(schema: T, query: unknown): z.output<T> {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue?.code === 'unrecognized_keys' || issue === undefined || issue.path.length === 0) {
    throw colloquyError('QUERY_INVALID', { found: 'an unknown parameter', field: 'the query', expected: `only ${Object.keys(schema.shape).join(', ')}` });
  }
  throw colloquyError('QUERY_INVALID', { found: 'another value', field: issue.path.join('.'), expected: expectationOf(issue) });
}

function expectationOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_big') return `at most ${String(issue.maximum)}`;
  if (issue.code === 'too_small') return `at least ${String(issue.minimum)}`;
  if (issue.code === 'invalid_format') return issue.format === 'datetime' ? 'an instant such as 2026-03-02T15:04:05Z' : `the format ${issue.format}`;
  return issue.code === 'invalid_type' ? `one ${issue.expected}` : 'a valid value';
}
