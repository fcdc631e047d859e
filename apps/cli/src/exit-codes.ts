import { CommanderError } from 'commander';
import { MailtideError } from '#client';
import { EXIT_CONFIG, SetupError } from '#config';
import { LeftDraft } from './left-draft.js';

/** What a script learns from a command's end (interface 7). */
export const EXIT = {
  ok: 0,
  refused: 1,
  usage: 2,
  auth: 3,
  notFound: 4,
  timeout: 5,
  configuration: EXIT_CONFIG,
} as const;

/** A wait that took longer than it was given. */
export class TimedOut extends Error {}

/** The status for whatever ended a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof LeftDraft) return exitCodeOf(error.cause);
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof SetupError) return EXIT.configuration;
  if (error instanceof TimedOut) return EXIT.timeout;
  if (!(error instanceof MailtideError)) return EXIT.refused;
  if (error.status === 401 || error.status === 403) return EXIT.auth;
  return error.status === 404 ? EXIT.notFound : EXIT.refused;
}
