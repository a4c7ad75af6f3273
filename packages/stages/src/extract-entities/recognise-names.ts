import { loadPeer } from '../load-peer.js';
import { chunkText } from './chunk-text.js';
import type { EntityCandidate, Recogniser, RecognisedType } from './entity-candidate.js';

/**
 * Persons and places in English by compromise. Reads only lines with a capitalised word: it is the slowest recogniser by far, and in
 * lower case its finds are mostly wrong. Reads no more than the first 10,000 code units of a text.
 */
export async function nameRecogniser(stage: string, options: { readonly maxChars: number; readonly types: ReadonlySet<string> }): Promise<Recogniser> {
  const { default: nlp } = await loadPeer(stage, 'compromise', () => import('compromise'));
  const types = (['person', 'place'] as const).filter((type) => options.types.has(type));
  const find = (text: string, shift: number): readonly EntityCandidate[] => {
    const view = nlp(text);
    return types.flatMap((type) => {
      const names = (type === 'person' ? view.people() : view.places()).json({ offset: true }) as readonly FoundName[];
      return names.flatMap((name) => candidateOf(text, shift, type, name));
    });
  };
  return (text, { languages }) => {
    if (languages.length > 0 && languages[0] !== 'en') return [];
    return [...text.slice(0, readChars).matchAll(lineWithCapital)].flatMap((line) => chunkText(line[0], options.maxChars).flatMap((chunk) => find(chunk.text, line.index + chunk.start)));
  };
}

/** Compromise needs seconds for a long text, and names far down in one are worth less than that. */
const readChars = 10_000;

interface FoundName {
  readonly offset?: { readonly start: number; readonly length: number };
}

const lineWithCapital = /^.*\p{Lu}[\p{Ll}\p{M}].*$/gmu;

/** Trims punctuation and the English genitive; nothing where the stretch starts or ends inside a word. */
function candidateOf(text: string, shift: number, type: RecognisedType, { offset }: FoundName): EntityCandidate[] {
  if (offset === undefined) return [];
  const whole = text.slice(offset.start, offset.start + offset.length);
  const covered = whole.replace(/^.*[:;!?]/su, (head) => ' '.repeat(head.length));
  const name = /\p{L}(?:.*[\p{L}\p{M}\p{N}])?/su.exec(covered.replace(/['’]s?\P{L}*$/u, ''));
  if (name === null || !/\p{Lu}[\p{Ll}\p{M}]/u.test(name[0]) || name[0].includes('\n')) return [];
  const start = offset.start + name.index;
  const end = start + name[0].length;
  if (/[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, start - 2), start)) || /^[\p{L}\p{M}\p{N}]/u.test(text.slice(end, end + 2))) return [];
  return [{ type, start: shift + start, end: shift + end, score: type === 'person' ? 0.7 : 0.65, rule: 'word list and grammar of compromise' }];
}
