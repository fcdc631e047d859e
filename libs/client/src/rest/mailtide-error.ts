import type { components } from './openapi.js';

/** What an answer that is no success says (RFC 9457). */
export type ProblemDetails = components['schemas']['Problem'];

interface Facts {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId?: string | null;
  readonly problem?: ProblemDetails | null;
  readonly retryAfterSeconds?: number | null;
}

/** Why a call did not work: a problem that Mailtide named, or no answer at all (`code` is `unreachable`, `status` 0). */
export class MailtideError extends Error {
  override readonly name = 'MailtideError';
  /** The identity of the problem: docs/errors.md lists them. `unexpected_answer`: it is not Mailtide's. */
  readonly code: string;
  readonly status: number;
  /** In Mailtide's log, too. */
  readonly requestId: string | null;
  /** null when there was no answer, or one that is not Mailtide's. */
  readonly problem: ProblemDetails | null;
  /** How long the server asks to wait; null: it did not say. */
  readonly retryAfterSeconds: number | null;

  constructor({ code, status, detail, requestId, problem, retryAfterSeconds }: Facts, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
    this.status = status;
    this.requestId = requestId ?? null;
    this.problem = problem ?? null;
    this.retryAfterSeconds = retryAfterSeconds ?? null;
  }

  /** Of an answer that is no success; one without a problem comes from whatever stands before Mailtide. */
  static async of(response: Response): Promise<MailtideError> {
    const body: unknown = await response.json().catch(() => undefined);
    const said = {
      requestId: response.headers.get('x-request-id'),
      retryAfterSeconds: secondsUntil(response.headers.get('retry-after')),
    };
    return isProblem(body) ? MailtideError.saying(body, said) : MailtideError.unexpected(response.status, said);
  }

  /** Of a problem, however it came. */
  static saying(problem: ProblemDetails, more: Partial<Facts> = {}): MailtideError {
    const { code, status, detail, requestId } = problem;
    return new MailtideError({ requestId, ...more, code, status, detail, problem });
  }

  /** Of an answer that Mailtide would not give. */
  static unexpected(status: number, more: Partial<Facts> = {}): MailtideError {
    const detail = `The answer (${status}) is not Mailtide's. Is the URL right?`;
    return new MailtideError({ ...more, code: 'unexpected_answer', status, detail });
  }

  static unreachable(url: string, cause: unknown): MailtideError {
    const detail = `${url} does not answer${reasonOf(cause)}.`;
    return new MailtideError({ code: 'unreachable', status: 0, detail }, { cause });
  }
}

export const isProblem = (body: unknown): body is ProblemDetails =>
  typeof body === 'object' && body !== null && 'code' in body && 'status' in body && 'detail' in body;

/** `Retry-After` has seconds or a date (RFC 9110 10.2.3). */
function secondsUntil(text: string | null): number | null {
  if (text === null) return null;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

/** `fetch` hides why it failed in the cause of its error. */
function reasonOf(why: unknown): string {
  if (typeof why === 'string') return ` (${why})`;
  const { name, cause } = (why ?? {}) as { readonly name?: unknown; readonly cause?: { readonly code?: unknown } };
  if (name === 'TimeoutError') return ' in time';
  return typeof cause?.code === 'string' ? ` (${cause.code})` : '';
}
