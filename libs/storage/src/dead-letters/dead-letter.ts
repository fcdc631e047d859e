import {
  type DeadLetterId,
  type DeliveryId,
  type EmailId,
  type EventId,
  type JobId,
  type Mode,
  publicId,
  type Reply,
  type TenantId,
} from '#domain';
import { deadLetterAddedV1 } from '#events';
import { newId } from '../new-id.js';

/** A delivery that failed and that a person may want to send again. */
export interface FailedDelivery {
  readonly tenantId: TenantId;
  readonly mode: Mode;
  readonly deliveryId: DeliveryId;
  readonly emailId: EmailId;
  readonly jobId: JobId | null;
  readonly reason: string;
  /** Attempts that counted. */
  readonly attempts: number;
  /** In the words of the server, or in ours. */
  readonly error: string | null;
  /** The last one: `> RCPT TO:<…>`, `< 451 4.3.0 …`. */
  readonly conversation: readonly string[];
}

/** The same with the names of its row and of the event that tells of it. */
export interface DeadLetter extends FailedDelivery {
  readonly id: DeadLetterId;
  readonly eventId: EventId;
  /** JSON of `dead_letter.added` without `at`. */
  readonly data: string;
}

const MAX_LINES = 100;
const MAX_LINE = 500;

/** Makes a failed delivery ready to be put aside. */
export function deadLetter(failed: FailedDelivery): DeadLetter {
  const id = newId<DeadLetterId>();
  const data = {
    deadLetterId: publicId('dead_letter', id),
    kind: 'delivery',
    reason: failed.reason,
    deliveryId: publicId('delivery', failed.deliveryId),
    emailId: publicId('email', failed.emailId),
    jobId: failed.jobId && publicId('job', failed.jobId),
    attempts: failed.attempts,
  } satisfies Omit<(typeof deadLetterAddedV1)['data']['_output'], 'at'>;
  return {
    ...failed,
    id,
    eventId: newId<EventId>(),
    conversation: failed.conversation.slice(-MAX_LINES).map(storable),
    data: JSON.stringify(data),
  };
}

/** What the server said last, or what happened to us. */
export const errorWords = (reply: Reply | null, error: string | null): string | null =>
  reply ? `${reply.code} ${reply.text}`.trim() : error;

/** A server may say anything; Postgres takes no NUL and no half characters. */
const storable = (line: string): string => line.slice(0, MAX_LINE).toWellFormed().replaceAll('\0', '\ufffd');
