import type { DeadLetterId, DeliveryId } from '#domain';
import type { Caller } from '#http';
import { type DeadLetterRow, type Queryable, readReopenable } from '#storage';
import { retryDeliveries, verdictsOn } from '../deliveries/retry-deliveries.js';
import type { RedriveRefusal } from './dead-letter.schema.js';

/** What became of each dead letter, or would; null: its delivery is sent again. */
export type Redriven = ReadonlyMap<DeadLetterId, RedriveRefusal | null>;

/** What a redrive of these dead letters would do. */
export async function judgeLetters(
  db: Queryable,
  caller: Caller,
  letters: readonly DeadLetterRow[],
): Promise<Redriven> {
  const verdicts = verdictsOn(await readReopenable(db, caller, deliveriesOf(letters)), false);
  return new Map(letters.map((letter) => [letter.id, refusalOf(letter, (id) => verdicts.get(id))]));
}

/** Sends the deliveries of dead letters again, in the open transaction, and closes the letters with it. */
export async function redriveLetters(
  tx: Queryable,
  caller: Caller,
  letters: readonly DeadLetterRow[],
): Promise<Redriven> {
  const ids = deliveriesOf(letters.filter((letter) => refusalOf(letter, () => null) === null));
  const retried = await retryDeliveries(tx, caller, ids, { confirmUnknown: false });
  const verdicts = new Map(ids.map((id, index) => [id, retried[index]]));
  return new Map(
    letters.map((letter) => [
      letter.id,
      refusalOf(letter, (id) => {
        const refusal = verdicts.get(id);
        return refusal === 'not_found' ? undefined : refusal;
      }),
    ]),
  );
}

const deliveriesOf = (letters: readonly DeadLetterRow[]): DeliveryId[] => [
  ...new Set(letters.flatMap(({ delivery_id: id }) => id ?? [])),
];

/** @param verdict of a delivery: null: it is sent again, undefined: it does not exist any more */
function refusalOf(
  { kind, status, delivery_id: deliveryId }: DeadLetterRow,
  verdict: (id: DeliveryId) => RedriveRefusal | null | undefined,
): RedriveRefusal | null {
  if (status !== 'open') return status;
  if (kind !== 'delivery' || deliveryId === null) return 'not_a_delivery';
  const refusal = verdict(deliveryId);
  return refusal === undefined ? 'delivery_gone' : refusal;
}
