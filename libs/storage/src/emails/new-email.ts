import type {
  DeliveryId,
  EmailClass,
  EmailId,
  JobId,
  Lane,
  MissedPolicy,
  Mode,
  SendWindows,
  TenantId,
  UnknownPolicy,
  Visibility,
  Wish,
} from '#domain';
import type { KeyedAnswer } from '../idempotency/idempotency.js';
import type { OutboxEvent } from '../outbox/outbox-event.js';
import type { NewAttachment } from './attachments.js';

export interface NewDelivery {
  readonly id: DeliveryId;
  readonly role: 'to' | 'cc' | 'bcc';
  /** As written: `Name <a@b.c>`. */
  readonly mailbox: string;
  readonly address: string;
  readonly recipientKey: string;
}

export interface NewEmail {
  readonly tenantId: TenantId;
  readonly id: EmailId;
  readonly class: EmailClass;
  readonly mode: Mode;
  readonly lane: Lane;
  readonly visibility: Visibility;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly NewAttachment[];
  /** null: now, by the clock of the database. */
  readonly scheduledAt: Date | null;
  /** When its copies are due, where that is later: its windows open then. */
  readonly opensAt?: Date | null;
  /** As it was wished, where not as an instant. */
  readonly wish?: Wish | null;
  readonly windows?: SendWindows;
  /** What the placeholders of its content show; null: there are none, it is sent as it is written. */
  readonly data?: Readonly<Record<string, unknown>> | null;
  /** Nothing is sent from then on; null: never too late. */
  readonly expiresAt: Date | null;
  readonly graceSeconds: number;
  readonly onMissed: MissedPolicy;
  readonly retryForSeconds: number;
  readonly onUnknown: UnknownPolicy;
  readonly ownerId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly correlationKey: string | null;
  /** The batch it comes in. */
  readonly jobId: JobId | null;
  readonly deliveries: readonly NewDelivery[];
  readonly event: OutboxEvent;
  /** The key of its request, with the answer to store; without one a repeat would be another email. */
  readonly keyed?: KeyedAnswer;
}
