import type { Doc, Slot } from '@colloquy/core';

/**
 * What is wrong with the spans anywhere in a patch: part unknown, out of the part, empty, cutting a character in two, `text` that
 * is not the covered text; and for the list of entities order and overlap.
 */
export function spanProblems(patch: object, doc: Doc<Slot>): readonly string[] {
  const problems: string[] = [];
  walk(patch, (found) => {
    const { part, start, end, text } = found;
    if (typeof part !== 'string' || !('start' in found) || !('end' in found)) return;
    const where = `span ${part} [${String(start)}, ${String(end)})`;
    const whole = partText(doc, part);
    if (whole === undefined) problems.push(`${where}: the message has no such part`);
    else if (!isPlace(start) || !isPlace(end) || start >= end || end > whole.length) problems.push(`${where}: not a stretch of 0 to ${whole.length}`);
    else if (cutsPair(whole, start) || cutsPair(whole, end)) problems.push(`${where}: cuts a surrogate pair in two`);
    else if (typeof text === 'string' && text !== whole.slice(start, end)) problems.push(`${where}: its text is not the covered text`);
  });
  return [...problems, ...orderProblems(patch)];
}

/** Calls `visit` on every object inside `value`, itself included. */
export function walk(value: unknown, visit: (found: Record<string, unknown>) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) visit(value as Record<string, unknown>);
  for (const part of Object.values(value)) walk(part, visit);
}

function partText(doc: Doc<Slot>, part: string): string | undefined {
  if (part === 'text') return doc.text;
  const index = /^media\/(\d+)\/caption$/.exec(part)?.[1];
  return index === undefined ? undefined : doc.media[Number(index)]?.caption;
}

function isPlace(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function cutsPair(text: string, at: number): boolean {
  return /^[\uDC00-\uDFFF]/.test(text.slice(at, at + 1)) && /[\uD800-\uDBFF]$/.test(text.slice(Math.max(0, at - 1), at));
}

interface Placed {
  readonly part: string;
  readonly start: number;
  readonly end: number;
}

function orderProblems(patch: object): readonly string[] {
  const items: readonly Placed[] = (patch as { readonly entities?: { readonly items?: readonly Placed[] } }).entities?.items ?? [];
  return items.flatMap((item, index) => {
    const before = items[index - 1];
    if (before === undefined || before.part < item.part) return [];
    if (before.part > item.part || before.start > item.start) return [`entity ${index} is out of order`];
    return before.end > item.start ? [`entities ${index - 1} and ${index} overlap`] : [];
  });
}
