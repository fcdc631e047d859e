import { CommanderError } from 'commander';
import { MailtideError } from '#client';
import { SetupError } from '#config';
import { TimedOut } from './exit-codes.js';
import { LeftDraft } from './left-draft.js';

/** What the command line tells of a failure: a problem of the API as it came, or one of its own in the same words (RFC 9457). */
export interface CliProblem {
  readonly title: string;
  /** 0: it is no answer of the API. */
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string | null;
  readonly errors: readonly { readonly pointer?: string; readonly parameter?: string; readonly detail: string }[];
}

export function problemOf(error: unknown): CliProblem {
  if (error instanceof LeftDraft) {
    const problem = problemOf(error.cause);
    return { ...problem, detail: `${problem.detail} ${error.message}` };
  }
  if (!(error instanceof MailtideError)) return ownProblem(error);
  if (error.problem) return error.problem;
  const { code, status, message, requestId } = error;
  if (code === 'unreachable') return { ...own('Mailtide does not answer', code, `${message} ${REMEDY}`), requestId };
  return { ...own('It did not work', code, message), status, requestId };
}

/** As people read it. */
export function inWords({ title, detail, code, requestId, errors }: CliProblem): string {
  const fields = errors.map(({ pointer, parameter, detail: why }) => `  ${pointer ?? parameter}: ${why}`);
  return [`${title}: ${detail}`, ...fields, `(${code}${requestId === null ? '' : `, ${requestId}`})`].join('\n');
}

const REMEDY = 'Is it running (`npm start`)? Else say where it is: --url or MAILTIDE_URL.';

function ownProblem(error: unknown): CliProblem {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof CommanderError) return own('The command was not understood', 'usage', usageOf(error));
  if (error instanceof SetupError) return own('The configuration is not usable', 'configuration', detail);
  if (error instanceof TimedOut) return own('It took too long', 'timeout', detail);
  return own('It did not work', 'internal', detail);
}

/** Without a command, commander has shown its help and says nothing itself. */
const usageOf = ({ code, message }: CommanderError): string =>
  code === 'commander.help'
    ? 'A command is needed; --help lists them.'
    : message
        .replace(/^error: /, '')
        .replace(BAD_ARGUMENT, "<$2> cannot be '$1': ")
        .replace(BAD_OPTION, "$1 cannot be '$2': ");

/** What commander puts before what is needed instead. */
const BAD_ARGUMENT = /^command-argument value '(.*)' is invalid for argument '(.*?)'\. /s;
const BAD_OPTION = /^option '(.*?)' argument '(.*)' is invalid\. /s;

const own = (title: string, code: string, detail: string): CliProblem => ({
  title,
  status: 0,
  code,
  detail,
  requestId: null,
  errors: [],
});
