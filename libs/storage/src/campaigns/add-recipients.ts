import type { EmailId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** One whom a campaign goes to. */
export interface NewRecipient {
  /** Two addresses are the same when their keys are. */
  readonly key: string;
  /** As written: `Name <a@b.c>`. */
  readonly mailbox: string;
  readonly address: string;
  readonly name: string | null;
  readonly timeZone: string | null;
  /** It named a zone that is none. */
  readonly hasBadTimeZone?: boolean | undefined;
  readonly data: Readonly<Record<string, unknown>> | null;
}

/** A row that was left out. */
export interface RejectedRow {
  /** From 1, a header not counted. */
  readonly row: number;
  readonly value: string;
  readonly code: string;
}

export interface AddedRecipients {
  readonly added: number;
  readonly badTimeZones: number;
}

interface Audience {
  readonly tenantId: TenantId;
  readonly id: EmailId;
}

const recipientsStatement = sqlFile('./add-recipients.sql', import.meta.url);
const rejectionsStatement = sqlFile('./add-rejections.sql', import.meta.url);

/** Recipients of whom each address is there once: the first of several. */
export const onceEach = (recipients: readonly NewRecipient[]): NewRecipient[] => {
  const byKey = new Map<string, NewRecipient>();
  for (const recipient of recipients) if (!byKey.has(recipient.key)) byKey.set(recipient.key, recipient);
  return [...byKey.values()];
};

/**
 * Adds recipients, each address once, behind the last place of a campaign to which nobody else adds now; how many were not
 * there yet, and how many of these named a zone that is none. The others are merged with those. The last place is further by as many as were given.
 */
export async function addRecipients(
  tx: Queryable,
  { tenantId, id }: Audience,
  place: number,
  once: readonly NewRecipient[],
): Promise<AddedRecipients> {
  if (once.length === 0) return { added: 0, badTimeZones: 0 };
  const values = [
    tenantId,
    id,
    place,
    once.map(({ key }) => key),
    once.map(({ mailbox }) => mailbox),
    once.map(({ address }) => address),
    once.map(({ name }) => name),
    once.map(({ timeZone }) => timeZone),
    once.map(({ data }) => data && JSON.stringify(data)),
    once.map(({ hasBadTimeZone = false }) => hasBadTimeZone),
  ];
  const { rows } = await tx.query<{ added: number; bad_time_zones: number }>({ ...recipientsStatement, values });
  const [{ added, bad_time_zones: badTimeZones } = { added: 0, bad_time_zones: 0 }] = rows;
  return { added, badTimeZones };
}

/** Notes rows that were left out behind the last place of a campaign's rejections. */
export async function addRejections(
  tx: Queryable,
  { tenantId, id }: Audience,
  place: number,
  rejected: readonly RejectedRow[],
): Promise<void> {
  if (rejected.length === 0) return;
  const values = [
    tenantId,
    id,
    place,
    rejected.map(({ row }) => row),
    rejected.map(({ value }) => value),
    rejected.map(({ code }) => code),
  ];
  await tx.query({ ...rejectionsStatement, values });
}
