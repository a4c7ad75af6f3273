import type LinkifyIt from 'linkify-it';
import type { Match } from 'linkify-it';
import { loadPeer } from '../load-peer.js';
import { chunkText } from './chunk-text.js';
import type { EntityCandidate, Recogniser } from './entity-candidate.js';

/** E-mail addresses and URLs by linkify-it; the value is the address with a lower-case domain, or the URL with its scheme. */
export async function linkRecogniser(stage: string, { maxChars }: { readonly maxChars: number }): Promise<Recogniser> {
  const { default: Linkify } = await loadPeer(stage, 'linkify-it', () => import('linkify-it'));
  const linkify: LinkifyIt = new Linkify().tlds([...bareDomains]);
  return (text) => {
    if (!mayHoldLink.test(text)) return [];
    return chunkText(text, maxChars).flatMap((chunk) => (linkify.match(chunk.text) ?? []).flatMap((match) => candidateOf(match, chunk.text, chunk.start)));
  };
}

/**
 * Endings of domains written without a scheme. Country codes that are also words (`me`, `no`, `si`, `es`, `de`, `la`, …) are left
 * out: `gracias.no` is two sentences, not a domain.
 */
const bareDomains = [
  ...['com', 'net', 'org', 'edu', 'gov', 'gob', 'mil', 'info', 'biz', 'app', 'dev', 'shop', 'store', 'online', 'site', 'xyz', 'io', 'ai', 'co', 'link', 'page'],
  ...['mx', 'br', 'us', 'uk', 'ca', 'cl', 'pe', 'uy', 'py', 'bo', 'cr', 'gt', 'pt', 'fr', 'it', 'eu', 'tv', 'gl', 'ly', 'gg', 'example', 'test'],
];

const mayHoldLink = /[@:]|\p{L}\.\p{L}/u;

function candidateOf({ index, lastIndex, schema, url }: Match, text: string, shift: number): EntityCandidate[] {
  const covered = text.slice(index, lastIndex);
  const place = { start: shift + index, end: shift + lastIndex };
  if (schema === 'mailto:') {
    return [{ type: 'email', ...place, score: 0.99, value: { kind: 'text', text: lowerDomain(covered.replace(/^mailto:/i, '')) }, rule: 'address with a domain' }];
  }
  if (schema === '' && gluedSentences.test(covered)) return [];
  return [{ type: 'url', ...place, score: schema === '' ? 0.9 : 0.99, value: { kind: 'text', text: url }, rule: schema === '' ? 'domain without a scheme' : `scheme ${schema}` }];
}

/** A capital after the dot and nothing behind it: `Listo.Mx` is no domain anyone types. */
const gluedSentences = /^\p{L}+\.\p{Lu}\p{Ll}+$/u;

function lowerDomain(address: string): string {
  const at = address.lastIndexOf('@');
  return address.slice(0, at) + address.slice(at).toLowerCase();
}
