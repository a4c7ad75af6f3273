/** ISO 4217 code, or which money a sign or word means by the country: `dollar sign`, `peso`. */
export type MoneyUnit = string;

/** Signs and codes before an amount. */
export const unitsBefore: ReadonlyMap<string, MoneyUnit> = new Map([
  ['$', 'dollar sign'],
  ['r$', 'BRL'],
  ['us$', 'USD'],
  ['mx$', 'MXN'],
  ['mex$', 'MXN'],
  ['€', 'EUR'],
  ['£', 'GBP'],
  ...codes(),
]);

/** Signs, codes and words behind an amount, without accents. */
export const unitsAfter: ReadonlyMap<string, MoneyUnit> = new Map([
  ['$', 'dollar sign'],
  ['€', 'EUR'],
  ['£', 'GBP'],
  ...codes(),
  ...named('peso', 'peso pesos pesito pesitos'),
  ...named('MXN', 'varo varos baro baros'),
  ...named('USD', 'dollar dollars buck bucks dolar dolares dlls dll dls usd$'),
  ...named('BRL', 'reais reales conto contos'),
  ...named('EUR', 'euro euros'),
  ...named('GBP', 'quid'),
]);

/** `1 real`; in the plural the word is an adjective in Spanish and English. */
export const singularReal = 'real';

/** The currency of a unit. A dollar sign means the dollar in English, the real in Portuguese, else the money of the country. */
export function currencyOf(unit: MoneyUnit, language: string | undefined, country: string): string | undefined {
  if (unit === 'peso') return pesos.get(country) ?? 'MXN';
  if (unit !== 'dollar sign') return unit;
  if (language === 'en') return dollars.get(country) ?? 'USD';
  if (language === 'pt') return 'BRL';
  return pesos.get(country) ?? dollars.get(country) ?? (country === 'BR' ? 'BRL' : undefined);
}

const pesos: ReadonlyMap<string, string> = new Map([
  ['MX', 'MXN'],
  ['AR', 'ARS'],
  ['CL', 'CLP'],
  ['CO', 'COP'],
  ['DO', 'DOP'],
  ['UY', 'UYU'],
]);

const dollars: ReadonlyMap<string, string> = new Map([
  ['US', 'USD'],
  ['CA', 'CAD'],
  ['AU', 'AUD'],
  ['NZ', 'NZD'],
  ['EC', 'USD'],
  ['SV', 'USD'],
  ['PR', 'USD'],
]);

function codes(): [string, MoneyUnit][] {
  return ['MXN', 'USD', 'BRL', 'EUR', 'GBP', 'CAD', 'ARS', 'CLP', 'COP'].map((code) => [code.toLowerCase(), code]);
}

function named(unit: MoneyUnit, forms: string): [string, MoneyUnit][] {
  return forms.split(' ').map((form) => [form, unit]);
}
