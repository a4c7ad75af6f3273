import type { MediaItem, MediaRef, StoredMessage } from '@colloquy/core';
import { element } from './element.js';
import { highlighted } from './highlighted.js';
import { mediaFacts, mediaName } from './wording.js';

/** The attachments of a message with their captions. Thumbnails, sound and downloads come from this server only. */
export function attachments({ media, ann }: StoredMessage): readonly HTMLElement[] {
  return media.map((attachment, index) => {
    const item = ann.media?.items.find((candidate) => candidate.index === index);
    const caption = attachment.caption ?? '';
    return element(
      'figure',
      { class: 'attachment' },
      body(attachment, item),
      caption === '' ? undefined : element('figcaption', { class: 'said' }, ...highlighted(caption, `media/${index}/caption`, ann.entities?.items ?? [])),
    );
  });
}

function body(attachment: MediaRef, item: MediaItem | undefined): HTMLElement {
  const name = mediaName(item?.kind ?? attachment.kind);
  if (attachment.kind === 'location') {
    const { latitude, longitude } = attachment;
    return fact(name, latitude === undefined || longitude === undefined ? 'without coordinates' : `${latitude}, ${longitude}`);
  }
  if (item?.verdict === 'refused') return fact(name, `refused: ${item.reason ?? 'no reason given'}`, 'refused');
  const ref = item?.cleanRef ?? item?.ref ?? attachment.ref;
  if (ref === undefined) return fact(name, attachment.name ?? 'its bytes are not here');
  const facts = item === undefined ? '' : mediaFacts(item);
  if ((item?.kind ?? attachment.kind) === 'audio') return element('div', {}, fact(name, facts), element('audio', { controls: true, preload: 'none', src: `/media/${ref}`, 'aria-label': `${name} ${facts}` }));
  if (item?.thumbnailRef !== undefined) {
    const picture = element('img', { src: `/media/${item.thumbnailRef}`, alt: name, loading: 'lazy' });
    return element('div', {}, element('a', { href: `/media/${ref}`, target: '_blank', rel: 'noopener', title: `Open the ${name.toLowerCase()}` }, picture), fact(name, facts));
  }
  const link = element('a', { href: `/media/${ref}`, target: '_blank', rel: 'noopener' }, attachment.name ?? name);
  return element('p', { class: 'fact' }, link, facts === '' ? '' : ` · ${facts}`);
}

function fact(name: string, told: string, kind = ''): HTMLElement {
  return element('p', { class: `fact ${kind}` }, element('strong', {}, name), told === '' ? '' : ` · ${told}`);
}
