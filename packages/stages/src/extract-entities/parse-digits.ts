/** `point`: 1,234.5 · `comma`: 1.234,5 · `either`: a lone separator before three digits groups, whichever it is. */
export type NumberStyle = 'point' | 'comma' | 'either';

/** The number that digits with separators mean; nothing for what is no quantity: 007, 1.2.3.4, more than 15 digits. */
export function parseDigits(text: string, style: NumberStyle): number | undefined {
  if (text.replace(/\D/g, '').length > 15 || /^0\d/.test(text)) return undefined;
  const separators = text.replace(/\d/g, '');
  if (separators === '') return Number(text);
  const last = separators.at(-1) as string;
  const [whole, fraction] = splitAtLast(text, last);
  if (separators.length > 1 && [...separators].every((separator) => separator === last)) return grouped(text, last);
  if (separators.length > 1) {
    const groups = separators[0] as string;
    const isClean = groups !== last && [...separators.slice(0, -1)].every((separator) => separator === groups);
    const value = isClean ? grouped(whole, groups) : undefined;
    return value === undefined ? undefined : Number(`${value}.${fraction}`);
  }
  const mayGroup = fraction.length === 3 && whole.length <= 3 && whole !== '0';
  const groupsHere = style === 'either' || (last === ',') === (style === 'point');
  return mayGroup && groupsHere ? Number(whole + fraction) : Number(`${whole}.${fraction}`);
}

function splitAtLast(text: string, separator: string): readonly [string, string] {
  const at = text.lastIndexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}

function grouped(text: string, separator: string): number | undefined {
  const [first = '', ...rest] = text.split(separator);
  return first.length <= 3 && rest.every((group) => group.length === 3) ? Number(first + rest.join('')) : undefined;
}
