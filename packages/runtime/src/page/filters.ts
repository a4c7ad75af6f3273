import { byId, element } from './element.js';

export interface Filters {
  /** As GET /conversations takes them. */
  query(): URLSearchParams;
  isActive(): boolean;
  /** Offers the values that conversations have, read from their facets. */
  offer(facets: readonly string[]): void;
}

const settleMs = 250;
const offers: Readonly<Record<string, string>> = { intent: 'intents', entity: 'entity-types', language: 'languages' };

/** The filter form; calls `changed` shortly after the last change. */
export function liveFilters(changed: () => void): Filters {
  const form = byId<HTMLFormElement>('filters');
  const known = new Set<string>();
  let timer: number | undefined;

  const query = (): URLSearchParams => {
    const chosen = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()] as const).filter(([, value]) => value !== '');
    return new URLSearchParams(chosen.map(([name, value]) => [name, asQuery(name, value)]));
  };
  const update = (): void => {
    const active = [...query()].length;
    byId('filter-count').textContent = active === 0 ? '' : `(${active})`;
    clearTimeout(timer);
    timer = window.setTimeout(changed, settleMs);
  };
  form.addEventListener('input', update);
  form.addEventListener('reset', () => window.setTimeout(update));
  form.addEventListener('submit', (event) => event.preventDefault());

  return {
    query,
    isActive: () => [...query()].length > 0,
    offer: (facets) => {
      for (const facet of facets) {
        if (known.has(facet)) continue;
        known.add(facet);
        const [kind = '', value = ''] = splitOnce(facet);
        const target = offers[kind];
        if (target !== undefined) byId(target).append(element('option', { value }));
      }
    },
  };
}

/** A day stands for its start in the time zone of the reader; `until` includes the whole day. */
function asQuery(name: string, value: string): string {
  if (name !== 'from' && name !== 'to') return value;
  const day = new Date(`${value}T00:00:00`);
  if (name === 'to') day.setDate(day.getDate() + 1);
  return day.toISOString();
}

function splitOnce(facet: string): readonly [string, string] {
  const at = facet.indexOf(':');
  return [facet.slice(0, at), facet.slice(at + 1)];
}
