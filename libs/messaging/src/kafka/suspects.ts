import type { InHand } from '../consumer-progress.js';

/** Deaths on a record that was taken alone, after which nobody takes it again. */
export const DEATHS = 3;

/** How the records of a batch are taken, each part in its order. */
export interface Parts<Message> {
  /** Survived by the process that died; their commit was lost with it. */
  readonly before: readonly Message[];
  /** Perhaps what it died of: one by one. */
  readonly alone: readonly Message[];
  readonly after: readonly Message[];
}

/** Parts a batch by what was in hand when its process died. */
export function partBatch<Message extends { readonly offset: string }>(
  messages: readonly Message[],
  left: InHand | undefined,
): Parts<Message> {
  if (!left) return { before: [], alone: [], after: messages };
  const at = ({ offset }: Message) => BigInt(offset);
  return {
    before: messages.filter((message) => at(message) < left.first),
    alone: messages.filter((message) => at(message) >= left.first && at(message) <= left.last),
    after: messages.filter((message) => at(message) > left.last),
  };
}

/** What to do with a record that comes alone: take it for the so-manieth time, or put it aside unparsed. */
export function judge(offset: bigint, left: InHand): { kind: 'take'; inHand: InHand } | { kind: 'isolate' } {
  const deaths = offset === left.first ? left.tries : 0;
  if (deaths >= DEATHS) return { kind: 'isolate' };
  return { kind: 'take', inHand: { first: offset, last: left.last, tries: deaths + 1 } };
}

/** The note of records that are taken together; one record alone is its own suspect. */
export const together = (first: bigint, last: bigint): InHand => ({ first, last, tries: first === last ? 1 : 0 });
