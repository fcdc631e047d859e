import type { ProblemDetails } from '../rest/mailtide-error.js';

/** Something that happened, as sockets and streams tell it. */
export interface LiveEvent<Data = Readonly<Record<string, unknown>>> {
  readonly id: string;
  /** `delivery.sent`, `job.progress` ...; `events.skipped`: too many at once, a `since` with its `data.from` tells them. */
  readonly type: string;
  readonly topic: string;
  /** Where to go on after this one. */
  readonly cursor: string;
  readonly time: string;
  readonly data: Data;
  /** Missed and told again. */
  readonly replay: boolean;
}

/** What a subscription brings: first how things are (not after a `since`), then what happens. */
export type Update =
  | { readonly kind: 'snapshot'; readonly snapshot: unknown; readonly cursor: string; readonly gap: boolean }
  | { readonly kind: 'event'; readonly event: LiveEvent };

/** The subscription works, and what was missed follows: there is nothing to tell yet. */
export interface Opened {
  readonly kind: 'opened';
}

/** Brings the updates of a topic until the connection breaks (it throws) or the signal ends it (it returns). */
export type Source = (
  topic: string,
  since: string | undefined,
  signal: AbortSignal,
) => AsyncGenerator<Update | Opened, void>;

/** What a subscription is answered. */
export type Acknowledgement =
  | { readonly ok: true; readonly cursor: string; readonly snapshot: unknown; readonly gap: boolean }
  | { readonly ok: false; readonly problem: ProblemDetails };

/** What an answer begins with: the snapshot that came with it, if one was asked for. */
export const openingOf = (
  { snapshot, cursor, gap }: Extract<Acknowledgement, { ok: true }>,
  since: string | undefined,
): Update | Opened => (since === undefined || gap ? { kind: 'snapshot', snapshot, cursor, gap } : { kind: 'opened' });
