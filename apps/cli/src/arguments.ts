import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';

/** Parsers of what stands behind options: each throws what is shown when it is not understood. */

export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(
      `a whole number from ${from.toLocaleString('en')} to ${to.toLocaleString('en')} is needed`,
    );
  };
}

/** Up to 20 days: timers of Node go no further. */
export function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1_728_000) return value;
  throw new InvalidArgumentError('a number of seconds is needed, at most 1728000');
}

/** A part of a whole. */
export function share(text: string): number {
  const value = Number(text);
  if (/^[\d.]+$/.test(text) && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('a number from 0 to 1 is needed');
}

export function webAddress(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError('an address like http://localhost:3000 is needed');
}

export const textOrInput = (text: string): string => (text === '-' ? fileOrInput('-') : text);

export function fileOrInput(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new InvalidArgumentError(`it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Collects `name=value` of every time that the option is given. */
export function tag(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('a tag is written name=value');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

export function tenantName(text: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,62}$/.test(text)) return text;
  throw new InvalidArgumentError('1 to 63 of a-z, 0-9, _ and - are needed, beginning with a letter or a digit');
}
