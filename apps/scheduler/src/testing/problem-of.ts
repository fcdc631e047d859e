/** What a test reads of an answer; the same shape as the test client's. */
interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

interface ProblemBody {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly errors: readonly { readonly pointer?: string; readonly parameter?: string; readonly code: string }[];
}

/** What no caller may ever read: a stack, a statement, a path, the driver's words, a key. */
const LEAKS =
  /\n\s*at |\.[jt]s:\d+|node_modules|\bselect\b.+\bfrom\b|insert into|\bpg_|postgres:|mt_(live|test)_[0-9A-Za-z]{8}|<ZodError/i;

/** The problem in an answer, short enough to compare; throws when it lacks what every problem has. */
export function problemOf(answer: Answer): { status: number; code: string; errors: string[] } {
  const problem = answer.body as ProblemBody;
  const type = answer.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) throw new Error(`${answer.status} as ${type}: ${answer.text}`);
  if (problem.status !== answer.status) throw new Error(`status ${answer.status}, but the body says ${problem.status}`);
  if (problem.requestId !== answer.headers.get('x-request-id')) throw new Error('the request id is not the one sent');
  if (LEAKS.test(answer.text)) throw new Error(`a secret in ${answer.text}`);
  const errors = problem.errors.map(({ pointer, parameter, code }) => `${pointer ?? `?${parameter ?? ''}`} ${code}`);
  return { status: answer.status, code: problem.code, errors };
}
