import { colloquyError } from '@colloquy/core';
import type { FastifyRequest } from 'fastify';

/**
 * Refuses with HTTP_ORIGIN_REFUSED what a page of another site could make a browser send: a request with a foreign `origin`,
 * and, where the server is bound to this machine only, one for a host name that is not this machine (DNS rebinding).
 */
export function requestGuard(boundHost: string, allowedHosts: readonly string[]): (request: FastifyRequest) => Promise<void> {
  const allowed = new Set([...allowedHosts.map((host) => host.toLowerCase()), boundHost.toLowerCase()]);
  const local = isLoopback(boundHost);
  return async ({ headers }) => {
    const hostName = hostNameOf(`http://${headers.host ?? ''}`);
    if (local && !(hostName !== undefined && (isLoopback(hostName) || allowed.has(hostName)))) throw colloquyError('HTTP_ORIGIN_REFUSED');
    if (headers.origin === undefined) return;
    const originHost = authorityOf(headers.origin);
    if (originHost === undefined || originHost !== authorityOf(`http://${headers.host ?? ''}`)) throw colloquyError('HTTP_ORIGIN_REFUSED');
  };
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

function hostNameOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** Host name and port; the port of the scheme counts as none. */
function authorityOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}
