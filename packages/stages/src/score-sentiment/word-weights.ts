/** Words and phrases of a language with their polarity, -5 to 5. Folded: lower case, no accents; the words of a phrase joined by a space. */
export type WordWeights = Readonly<Record<string, number>>;

/**
 * Spells out a word list: entries of one weight, apart by commas. `bonit/` stands for bonito, bonita, bonitos and bonitas;
 * `amable+` for amable and amables.
 */
export function wordWeights(lists: Readonly<Record<number, string>>): WordWeights {
  const weights: Record<string, number> = {};
  for (const [weight, list] of Object.entries(lists)) {
    for (const entry of list.split(',')) for (const form of formsOf(entry.trim().replace(/\s+/g, ' '))) weights[form] = Number(weight);
  }
  return weights;
}

function formsOf(entry: string): readonly string[] {
  if (entry.endsWith('/')) return ['o', 'a', 'os', 'as'].map((ending) => entry.slice(0, -1) + ending);
  if (entry.endsWith('+')) return [entry.slice(0, -1), `${entry.slice(0, -1)}s`];
  return [entry];
}
