import { expect, it } from 'vitest';
import { phoneRecogniser } from './recognise-phones.js';

const phones = await phoneRecogniser('extract-entities@1', { defaultCountry: 'MX', maxChars: 2_000 });
const found = (text: string) => phones(text, { languages: ['es'] } as never).map(({ start, end, value }) => [text.slice(start, end), value?.kind === 'phone' ? value.e164 : undefined]);

it.each([
  ['mi cel +52 1 55 1234 5678 gracias', [['+52 1 55 1234 5678', '+525512345678']]],
  ['+5215512345678', [['+5215512345678', '+525512345678']]],
  ['521 55 1234 5678', [['521 55 1234 5678', '+525512345678']]],
  ['52 1 (55) 1234 5678', [['52 1 (55) 1234 5678', '+525512345678']]],
  ['👍 +52 1 81 8123 4567 o 55 1234 5678', [['+52 1 81 8123 4567', '+528181234567'], ['55 1234 5678', '+525512345678']]],
  ['pedido 5210000000001', []],
  ['A5215512345678', []],
])('%s', (text, expected) => {
  expect(found(text)).toEqual(expected);
});
