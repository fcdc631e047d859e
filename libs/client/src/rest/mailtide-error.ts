import type { components } from './openapi.js';

/** What an answer that is no success says (RFC 9457). */
export type ProblemDetails = components['schemas']['Problem'];

/** Why a call did not work: a problem that Mailtide named, or no answer at all (`code` is `unreachable`, `status` 0). */
export class MailtideError extends Error {
  override readonly name = 'MailtideError';

  constructor(
    /** The identity of the problem: docs/errors.md lists them. */
    readonly code: string,
    readonly status: number,
    /** In Mailtide's log, too. */
    readonly requestId: string | null,
    /** null when there was no answer, or one that is not Mailtide's. */
    readonly problem: ProblemDetails | null,
    detail: string,
    /** How long the server asks to wait; null: it did not say. */
    readonly retryAfterSeconds: number | null = null,
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }

  /** Of an answer; one without a problem comes from whatever stands before Mailtide. */
  static async of(response: Response): Promise<MailtideError> {
    const body: unknown = await response.json().catch(() => undefined);
    const problem = isProblem(body) ? body : null;
    const detail = problem?.detail ?? `The server answered ${response.status}, and no problem of Mailtide's.`;
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    return new MailtideError(
      problem?.code ?? 'unexpected_answer',
      response.status,
      response.headers.get('x-request-id'),
      problem,
      detail,
      Number.isFinite(seconds) ? seconds : null,
    );
  }

  static unreachable(url: string, cause: unknown): MailtideError {
    return new MailtideError('unreachable', 0, null, null, `${url} does not answer.`, null, { cause });
  }
}

const isProblem = (body: unknown): body is ProblemDetails =>
  typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
