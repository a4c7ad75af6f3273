import type { Entity } from '@colloquy/core';
import { element } from './element.js';
import { segmentsOf } from './segments-of.js';
import { entityTitle, plain } from './wording.js';

const palette = ['money', 'datetime', 'phone', 'email', 'url', 'person', 'place', 'number'];

/** The nodes of a text with its entities marked in place; their text together is the text as received. */
export function highlighted(text: string, part: string, entities: readonly Entity[]): readonly (Node | string)[] {
  return segmentsOf(text, part, entities).map((segment) => {
    if (segment.entity === undefined) return segment.text;
    const { type } = segment.entity;
    const colour = palette.includes(type) ? type : 'other';
    return element('mark', { class: `entity ${colour}`, title: entityTitle(segment.entity), 'data-type': plain(type) }, segment.text);
  });
}
