/** What a word adds to a number. `times` multiplies what stands before it (two hundred); `scale` closes a group (dos mil). */
export interface NumberWord {
  readonly value: number;
  readonly kind: 'unit' | 'teen' | 'ten' | 'hundred' | 'times' | 'scale';
  /** Also an article, pronoun or idiom: no number by itself. */
  readonly isWeak: boolean;
  /** Means something else in the other languages: only a number where the message is in this one. */
  readonly only?: string;
}

/** English, Spanish and Portuguese number words up to millions, without accents. */
export const numberWords: ReadonlyMap<string, NumberWord> = new Map([
  ...words('unit', 0, 'zero cero'),
  ...words('unit', 1, 'one un uno una um uma', true),
  ...words('unit', 2, 'two dois duas'),
  ...words('unit', 2, 'dos', false, 'es'),
  ...words('unit', 3, 'three tres'),
  ...words('unit', 4, 'four cuatro quatro'),
  ...words('unit', 5, 'five cinco'),
  ...words('unit', 6, 'six seis'),
  ...words('unit', 7, 'seven siete sete'),
  ...words('unit', 8, 'eight ocho oito'),
  ...words('unit', 9, 'nine nueve nove'),
  ...words('teen', 10, 'diez dez'),
  ...words('teen', 10, 'ten', false, 'en'),
  ...words('teen', 11, 'eleven onze'),
  ...words('teen', 11, 'once', false, 'es'),
  ...words('teen', 12, 'twelve doce doze'),
  ...words('teen', 13, 'thirteen trece treze'),
  ...words('teen', 14, 'fourteen catorce quatorze catorze'),
  ...words('teen', 15, 'fifteen quince quinze'),
  ...words('teen', 16, 'sixteen dieciseis dezesseis'),
  ...words('teen', 17, 'seventeen diecisiete dezessete'),
  ...words('teen', 18, 'eighteen dieciocho dezoito'),
  ...words('teen', 19, 'nineteen diecinueve dezenove'),
  ...words('ten', 20, 'twenty veinte vinte'),
  ...['veintiun veintiuno veintiuna', 'veintidos', 'veintitres', 'veinticuatro', 'veinticinco', 'veintiseis', 'veintisiete', 'veintiocho', 'veintinueve'].flatMap(
    (forms, index) => words('teen', 21 + index, forms),
  ),
  ...['thirty treinta trinta', 'forty fourty cuarenta quarenta', 'fifty cincuenta cinquenta', 'sixty sesenta sessenta', 'seventy setenta', 'eighty ochenta oitenta', 'ninety noventa'].flatMap(
    (forms, index) => words('ten', 30 + 10 * index, forms),
  ),
  ...words('hundred', 100, 'cien ciento cem cento'),
  ...[
    'doscientos doscientas duzentos duzentas',
    'trescientos trescientas trezentos trezentas',
    'cuatrocientos cuatrocientas quatrocentos quatrocentas',
    'quinientos quinientas quinhentos quinhentas',
    'seiscientos seiscientas seiscentos seiscentas',
    'setecientos setecientas setecentos setecentas',
    'ochocientos ochocientas oitocentos oitocentas',
    'novecientos novecientas novecentos novecentas',
  ].flatMap((forms, index) => words('hundred', 200 + 100 * index, forms)),
  ...words('times', 100, 'hundred'),
  ...words('scale', 1_000, 'thousand'),
  ...words('scale', 1_000, 'mil', true),
  ...words('scale', 1_000_000, 'million millon millones milhao milhoes'),
]);

/** Joins the parts of a written number: treinta y dos, cento e vinte, two hundred and five. */
export const numberJoiners: ReadonlySet<string> = new Set(['y', 'e', 'and', '-']);

function words(kind: NumberWord['kind'], value: number, forms: string, isWeak = false, only?: string): [string, NumberWord][] {
  return forms.split(' ').map((form) => [form, { value, kind, isWeak, ...(only === undefined ? {} : { only }) }]);
}
