import type { Parser } from 'chrono-node/en';

/** A chrono parser for a weekday with its day of the month, `viernes 20`, `sexta 27`: chrono reads the number as the hour. */
export function weekdayParser(language: 'es' | 'pt'): Parser {
  const weekdays = names[language];
  const pattern = new RegExp(`(?<name>${weekdays.flat().join('|')})\\s+(?:dia\\s+|d[ií]a\\s+)?(?<day>[12]\\d|3[01]|[1-9])(?!\\s*(?:[:.h]\\d|[ap]\\.?\\s?m\\b|hrs?\\b|h\\b)|[\\p{L}\\p{N}/%]|\\s+de\\s+\\p{L})`, 'iu');
  return {
    pattern: () => pattern,
    extract: (context, match) => {
      if (/[\p{L}\p{N}]$/u.test(context.text.slice(0, match.index).slice(-2))) return null;
      const name = (match.groups?.['name'] ?? '').toLowerCase();
      const weekday = weekdays.findIndex((forms) => forms.includes(name));
      const date = nextOf(context.reference.getDateWithAdjustedTimezone(), weekday, Number(match.groups?.['day']));
      if (date === undefined) return null;
      return { weekday, day: date.getDate(), month: date.getMonth() + 1, year: date.getFullYear() };
    },
  };
}

/** From Sunday on. */
const names = {
  es: [['domingo'], ['lunes'], ['martes'], ['miércoles', 'miercoles'], ['jueves'], ['viernes'], ['sábado', 'sabado']],
  pt: [['domingo'], ['segunda-feira', 'segunda'], ['terça-feira', 'terça', 'terca'], ['quarta-feira', 'quarta'], ['quinta-feira', 'quinta'], ['sexta-feira', 'sexta'], ['sábado', 'sabado']],
};

/** The next day that is both, within a year; a slip (no such day) is read as the next day with that number. */
function nextOf(from: Date, weekday: number, day: number): Date | undefined {
  let next: Date | undefined;
  for (let ahead = 0; ahead < 13; ahead++) {
    const date = new Date(from.getFullYear(), from.getMonth() + ahead, day);
    if (date.getDate() !== day || (ahead === 0 && day < from.getDate())) continue;
    if (date.getDay() === weekday && ahead < 3) return date;
    next ??= date;
  }
  return next;
}
