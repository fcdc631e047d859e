import { EXIT_CONFIG, SetupError } from '#config';

/** A line for the person at the keyboard. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What is printed of an error: nothing but the words when the person can mend it, the stack when only we can. */
export const wordsFor = (error: unknown): string =>
  error instanceof SetupError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);

/** 78 says that configuration or surroundings need mending, 1 that we do. */
export const statusFor = (error: unknown): number => (error instanceof SetupError ? EXIT_CONFIG : 1);

/** Ends a command that failed. */
export function exitWith(error: unknown): never {
  process.stderr.write(`${wordsFor(error)}\n`);
  process.exit(statusFor(error));
}
