/** Texts that break careless code, by name. All are well-formed Unicode without NUL and at most as long as a message may be. */
export const nastyTexts: Readonly<Record<string, string>> = {
  empty: '',
  'a space': ' ',
  'one letter': 'a',
  emoji: '😀👍🎉',
  'a family joined by zero-width joiners': 'la familia 👨‍👩‍👧‍👦 llega el lunes 👩🏽‍🔧',
  flags: '🇲🇽🇧🇷🇺🇸 vs 🇪🇸',
  'combining marks': 'Jose\u0301 paga man\u0303ana en Sa\u0303o Paulo',
  'marks without end': `e${'\u0301'.repeat(500)} hola`,
  'right to left': 'מחר בשעה 5 ב-$300 שלום 5512345678',
  'direction marks': '\u202e555 0199\u202c y \u200fمرحبا\u200e ok',
  'CRLF lines': 'Hola\r\nmañana a las 5\r\n$ 1,500.50 MXN\r\n\r\ngracias',
  'invisible characters': 'ho\u200bla\u00a0\ufeffmundo\u2028hoy\u2029',
  'wide forms': '５５　１２３４　５６７８ ＡＢＣ ①②③ ﬁn',
  punctuation: '¡¿!?.,;:()[]{}<>"\'`~@#$%^&*-_=+|\\/…—',
  digits: '0123456789012345678901234567890',
  'every kind at once': 'Ana 👩‍🔧 ana@x.mx\r\n+52 55 1234 5678 https://x.mx/á?q=1 $1.500,00 R$ 2 mil mañana às 15h30 😡😡',
  'object keys': 'constructor __proto__ toString hasOwnProperty valueOf',
  'regular expression': '^(a+)+$ [a-z]{1,9999} \\d+ .*?(?=x)',
  'one long word': 'a'.repeat(longest()),
  'many words': fill('hola mundo this is uma frase '),
  'many digits': '9'.repeat(longest()),
  'many numbers': fill('12 3.5 1,000 $7 '),
  'many brackets': '('.repeat(longest()),
  'many spaces': `a${' '.repeat(longest() - 2)}b`,
  'many line ends': '\r\n'.repeat(longest() / 2),
  'many emoji': '😀'.repeat(longest() / 2),
  'many marks': fill('@.:/-@'),
  'many letters with accents': 'ñ'.repeat(longest()),
};

function longest(): number {
  return 65_536;
}

function fill(piece: string): string {
  return piece.repeat(Math.ceil(longest() / piece.length)).slice(0, longest());
}
