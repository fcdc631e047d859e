import { SetupError } from '#config';

/** An argument of a command. Throws a SetupError for anything but a whole number from 1 on. */
export function wholeNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new SetupError(`${name} "${text}": must be a whole number from 1 to ${max}`);
}
