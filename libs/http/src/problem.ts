import { type FieldError, type ProblemCode, PROBLEMS } from '#domain';

export interface ProblemDetails {
  /** What is wrong with which field; only for `validation_failed` and its kin. */
  readonly errors?: readonly FieldError[];
  /** The state that stood in the way, or the whole resource. */
  readonly current?: object;
  /** Sent along, for example `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is no success. Thrown by controllers and guards, written by the filter (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    /** What happened to whom and what to do next. Never a secret, a statement or a stack. */
    readonly detail: string,
    readonly details: ProblemDetails = {},
  ) {
    super(detail);
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

/** The body of `application/problem+json`. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly instance: string;
  readonly requestId: string;
  readonly errors: readonly FieldError[];
  readonly current: object | null;
}

/** The body of a problem. `instance` is the path that was asked for, without its query. */
export const problemBody = (problem: Problem, instance: string, requestId: string): ProblemBody => ({
  type: `/problems/${problem.code}`,
  title: PROBLEMS[problem.code].title,
  status: problem.status,
  code: problem.code,
  detail: problem.detail,
  instance,
  requestId,
  errors: problem.details.errors ?? [],
  current: problem.details.current ?? null,
});
