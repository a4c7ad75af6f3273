import { randomUUID } from 'node:crypto';

/** The caller's x-request-id where it is a plain word of at most 128 characters, else a new UUID. */
export function correlationIdOf(request: { readonly headers: Readonly<Record<string, string | string[] | undefined>> }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}
