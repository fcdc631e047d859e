import { type DeliveryId, placeOf, type SandboxMessageId, type TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** On whose behalf a client talks to the sandbox. */
export interface SandboxSender {
  /** Whose a message is that belongs to no delivery; null: nobody's. */
  readonly tenantId: TenantId | null;
  /** Proved by a key: then the deliveries of other tenants are out of reach. */
  readonly loggedIn: boolean;
}

/** What the header of a message says, as far as its row needs it. */
export interface SandboxHeader {
  readonly deliveryId: DeliveryId | null;
  readonly fromMailbox: string | null;
  /** The bare address of `fromMailbox`, in lower case. */
  readonly fromKey: string | null;
  readonly subject: string | null;
}

/** A message that is to be kept for each of its recipients. */
export interface NewSandboxMessage {
  readonly sender: SandboxSender;
  readonly header: SandboxHeader;
  readonly verdict: 'accepted' | 'dropped';
  /** The envelope sender; empty for bounces (RFC 5321 4.5.5). */
  readonly mailFrom: string;
  readonly recipients: readonly {
    readonly id: SandboxMessageId;
    readonly address: string;
    readonly script: string | null;
  }[];
  /** The message without dot-stuffing, as the sender wrote it. */
  readonly raw: Buffer;
}

const statement = sqlFile('./store-messages.sql', import.meta.url);

/** For each message the tenant that it was kept for; null: it is nobody's, and it was not kept. */
export async function storeMessages(
  db: Queryable,
  messages: readonly NewSandboxMessage[],
): Promise<(TenantId | null)[]> {
  const starts = startsOf(messages);
  const copies = messages.flatMap((message, index) =>
    message.recipients.map((recipient) => ({ message, recipient, startsAt: starts[index] ?? 0 })),
  );
  const values = [
    copies.map(({ recipient }) => recipient.id),
    copies.map(({ message }) => message.header.deliveryId),
    copies.map(({ message }) => message.sender.tenantId),
    copies.map(({ message }) => message.sender.loggedIn),
    copies.map(({ message }) => message.verdict),
    copies.map(({ message }) => message.mailFrom),
    copies.map(({ recipient }) => recipient.address),
    copies.map(({ message }) => message.header.fromMailbox),
    copies.map(({ message }) => message.header.fromKey),
    copies.map(({ message }) => message.header.subject),
    copies.map(({ startsAt }) => startsAt),
    copies.map(({ message }) => message.raw.length),
    Buffer.concat(messages.map(({ raw }) => raw)), // one binary value: an array of them would go as hexadecimal text
    copies.map(({ recipient }) => recipient.script),
    copies.map(({ recipient }) => placeOf(recipient.address)),
  ];
  const { rows } = await db.query<{ id: SandboxMessageId; tenant_id: TenantId }>({ ...statement, values });
  const tenants = new Map(rows.map((row) => [row.id, row.tenant_id]));
  return messages.map(({ recipients: [first] }) => (first && tenants.get(first.id)) ?? null);
}

function startsOf(messages: readonly NewSandboxMessage[]): number[] {
  let at = 0;
  return messages.map(({ raw }) => {
    const start = at;
    at += raw.length;
    return start;
  });
}
