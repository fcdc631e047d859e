import type { EmailId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

const statements = {
  load: sqlFile('./load-attachments.sql', import.meta.url),
  add: sqlFile('./add-attachments.sql', import.meta.url),
  remove: sqlFile('./remove-attachments.sql', import.meta.url),
};

/** What an email shows of an attachment. */
export interface AttachmentRow {
  readonly filename: string;
  readonly contentType: string;
  /** What `cid:` in the html names. */
  readonly contentId: string | null;
  readonly sizeBytes: number;
}

export interface NewAttachment extends Omit<AttachmentRow, 'sizeBytes'> {
  readonly content: Buffer;
}

/** An attachment as it is stored beside its bytes. */
export const attachmentRow = ({ filename, contentType, contentId, content }: NewAttachment): AttachmentRow => ({
  filename,
  contentType,
  contentId,
  sizeBytes: content.length,
});

/** The bytes of an email's attachments, in their order; undefined: its content is another one by now. */
export async function loadAttachments(
  db: Queryable,
  email: { readonly tenantId: TenantId; readonly id: EmailId; readonly contentVersion: number },
): Promise<Buffer[] | undefined> {
  const values = [email.tenantId, email.id, email.contentVersion];
  const { rows } = await db.query<{ content: Buffer | null }>({ ...statements.load, values });
  return rows.length === 0 ? undefined : rows.flatMap(({ content }) => content ?? []);
}

/** Puts others in the place of an email's attachments, whose copies the caller holds locked. */
export async function replaceAttachments(
  tx: Queryable,
  email: { readonly tenantId: TenantId; readonly id: EmailId },
  attachments: readonly NewAttachment[],
): Promise<void> {
  await tx.query({ ...statements.remove, values: [email.tenantId, email.id] });
  if (attachments.length > 0)
    await tx.query({ ...statements.add, values: attachmentColumns([{ ...email, attachments }]) });
}

/**
 * Tenants, emails, positions, starts (from 1), sizes, and all bytes in one piece: of a single value the driver sends
 * the bytes as they are, of a list it would send them as hex.
 */
export function attachmentColumns(
  emails: readonly {
    readonly tenantId: TenantId;
    readonly id: EmailId;
    readonly attachments: readonly NewAttachment[];
  }[],
): unknown[] {
  const attachments = emails.flatMap(({ tenantId, id, attachments: own }) =>
    own.map(({ content }, position) => ({ tenantId, id, position, content })),
  );
  let end = 1;
  const starts = attachments.map(({ content }) => (end += content.length) - content.length);
  const [only] = attachments;
  return [
    attachments.map(({ tenantId }) => tenantId),
    attachments.map(({ id }) => id),
    attachments.map(({ position }) => position),
    starts,
    attachments.map(({ content }) => content.length),
    only && attachments.length === 1 ? only.content : Buffer.concat(attachments.map(({ content }) => content)),
  ];
}
