import { MailtideError } from '#client';

export interface ProblemWords {
  readonly title: string;
  readonly detail: string;
  /** A line for each field that is wrong. */
  readonly errors: readonly string[];
  readonly requestId: string | null;
}

/** What to say about anything that was thrown. */
export function problemOf(error: unknown): ProblemWords {
  if (!(error instanceof MailtideError)) {
    const detail = error instanceof Error ? error.message : String(error);
    return { title: 'Something went wrong', detail, errors: [], requestId: null };
  }
  const { code, message, problem, requestId } = error;
  const title =
    problem?.title ?? (code === 'unreachable' ? 'Mailtide does not answer' : 'An answer that is not Mailtide’s');
  const lines = (problem?.errors ?? []).map(({ detail, ...at }) => `${placeOf(at)}: ${detail}`);
  const errors = lines.filter((line) => line !== message); // the only one is the detail, too
  return { title, detail: message, errors, requestId };
}

const placeOf = ({
  pointer,
  parameter,
}: {
  readonly pointer?: string | undefined;
  readonly parameter?: string | undefined;
}) => parameter ?? (pointer === undefined || pointer === '' ? 'the request' : pointer.slice(1));
