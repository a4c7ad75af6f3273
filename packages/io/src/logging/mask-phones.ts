/**
 * The text with everything that could be a phone number masked to its last four digits: seven or more digits, alone or with
 * up to three blanks, dots, hyphens or brackets between them. Instants, UUIDs, SHA-256 refs, fingerprints of failures (16 hex
 * digits with a letter) and network addresses stay.
 */
export function maskPhones(text: string): string {
  return text.replace(pattern, (match: string, kept: string | undefined) => kept ?? masked(match));
}

const uuid = '(?<![\\da-f])[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}(?![\\da-f])';
const contentRef = 'sha256-[\\da-f]{64}(?![\\da-f])';
const fingerprint = '(?<![\\p{L}\\d])(?=\\d*[a-f])[\\da-f]{16}(?![\\p{L}\\d])';
const instant = '(?<!\\d)20\\d{2}-[01]\\d-[0-3]\\dT[0-2]\\d:[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d{2}:?\\d{2})(?!\\d)';
const address = '(?<=//)\\d{1,3}(?:\\.\\d{1,3}){3}(?![\\d.])|(?<![\\d.])\\d{1,3}(?:\\.\\d{1,3}){3}(?=:\\d{2,5}(?!\\d))';
const phone = '\\p{Nd}(?:[\\s().\\-\\u2010-\\u2015\\u00ad\\u200b-\\u200f\\u2060]{0,3}\\p{Nd}){6,}';
const pattern = new RegExp(`(${uuid}|${contentRef}|${fingerprint}|${instant}|${address})|${phone}`, 'gu');

function masked(digitsAndMarks: string): string {
  const digits = digitsAndMarks.match(/\p{Nd}/gu) ?? [];
  return `***${digits.slice(-4).join('')}`;
}
