import type { Entity } from '@colloquy/core';

export interface Segment {
  readonly text: string;
  readonly entity?: Entity;
}

/**
 * The text of one part of a message cut at its entities, complete and in order: joined, the segments are the text again.
 * Entities of other parts, beyond the text, empty or overlapping an earlier one are left out.
 */
export function segmentsOf(text: string, part: string, entities: readonly Entity[]): readonly Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (const entity of [...entities].sort((a, b) => a.start - b.start)) {
    const fits = entity.part === part && entity.start >= at && entity.end > entity.start && entity.end <= text.length;
    if (!fits) continue;
    if (entity.start > at) segments.push({ text: text.slice(at, entity.start) });
    segments.push({ text: text.slice(entity.start, entity.end), entity });
    at = entity.end;
  }
  if (at < text.length) segments.push({ text: text.slice(at) });
  return segments;
}
