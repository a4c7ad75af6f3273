import { InvalidArgumentError } from 'commander';

/** Reads an option's number; wrong usage where it is none, or below `least`. */
export function parseNumber(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() === '' || !Number.isFinite(number) || number < least) throw new InvalidArgumentError(`Expected a number of at least ${least}.`);
    return number;
  };
}
