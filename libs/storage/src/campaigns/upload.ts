import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import { addRecipients, addRejections, type NewRecipient, onceEach, type RejectedRow } from './add-recipients.js';
import type { CampaignRef } from './expand-campaign.js';
import { isUnder, newUploadId, type UploadId, type UploadKey } from './upload-id.js';

/** An upload under way: its rows stand behind the last place of its campaign, where nobody sees them. */
export interface Upload {
  readonly campaign: CampaignRef;
  readonly id: UploadId;
  /** What the data of every recipient must have. */
  readonly needs: readonly string[];
  readonly lastPlace: number;
  readonly lastRejected: number;
  readonly accepted: number;
  readonly merged: number;
  readonly rejected: number;
  /** Of the accepted ones: their zone is none. */
  readonly badTimeZones: number;
}

const statements = {
  begin: sqlFile('./begin-upload.sql', import.meta.url),
  read: sqlFile('./read-upload.sql', import.meta.url),
  hold: sqlFile('./hold-upload.sql', import.meta.url),
  admit: sqlFile('./admit-upload.sql', import.meta.url),
  forget: sqlFile('./forget-upload.sql', import.meta.url),
  end: sqlFile('./end-upload.sql', import.meta.url),
  holdCut: sqlFile('./hold-cut.sql', import.meta.url),
};
const FORGET_AT_ONCE = 10_000;

/** Begins an upload, under its Idempotency-Key; undefined: the campaign is no draft, or another upload is under way. */
export async function beginUpload(
  tx: Queryable,
  campaign: CampaignRef,
  key: UploadKey | undefined,
): Promise<Upload | undefined> {
  const id = newUploadId(key);
  const { rows } = await tx.query<{ last_place: number; rejected: number; data_names: string[] }>({
    ...statements.begin,
    values: [campaign.tenantId, campaign.id, id],
  });
  const [row] = rows;
  return (
    row && {
      campaign,
      id,
      needs: row.data_names,
      lastPlace: row.last_place,
      lastRejected: row.rejected,
      accepted: 0,
      merged: 0,
      rejected: 0,
      badTimeZones: 0,
    }
  );
}

/** Whether the upload to a campaign that is under way runs under this key. */
export async function isUploading(tx: Queryable, { tenantId, id }: CampaignRef, key: UploadKey): Promise<boolean> {
  const { rows } = await tx.query<{ upload_id: UploadId }>({ ...statements.read, values: [tenantId, id] });
  return rows.some(({ upload_id: upload }) => isUnder(key, upload));
}

/** Notes that an upload brings something, and keeps its campaign for it until the transaction ends; false: it was ended by somebody else. */
export async function holdUpload(tx: Queryable, { campaign, id }: Upload): Promise<boolean> {
  const { rows } = await tx.query({ ...statements.hold, values: [campaign.tenantId, campaign.id, id] });
  return rows.length > 0;
}

/** Stores the next rows of an upload, as yet unseen; how far it is then. Undefined: it was ended by somebody else. */
export async function storeRows(
  tx: Queryable,
  upload: Upload,
  recipients: readonly NewRecipient[],
  rejected: readonly RejectedRow[],
): Promise<Upload | undefined> {
  const { campaign, lastPlace, lastRejected } = upload;
  if (!(await holdUpload(tx, upload))) return undefined;
  const once = onceEach(recipients);
  const { added, badTimeZones } = await addRecipients(tx, campaign, lastPlace, once);
  await addRejections(tx, campaign, lastRejected, rejected);
  return {
    ...upload,
    lastPlace: lastPlace + once.length,
    lastRejected: lastRejected + rejected.length,
    accepted: upload.accepted + added,
    merged: upload.merged + recipients.length - added,
    rejected: upload.rejected + rejected.length,
    badTimeZones: upload.badTimeZones + badTimeZones,
  };
}

/** Accepts all rows of an upload at once; how many recipients its campaign has then. Undefined: it was ended by somebody else. */
export async function admitUpload(tx: Queryable, upload: Upload): Promise<number | undefined> {
  const { campaign, id, lastPlace, accepted, merged, rejected, badTimeZones } = upload;
  const values = [campaign.tenantId, campaign.id, id, lastPlace, accepted, merged, rejected, badTimeZones];
  const { rows } = await tx.query<{ total: number }>({ ...statements.admit, values });
  return rows[0]?.total;
}

/** Ends an upload of which nothing is accepted. */
export async function endUpload(tx: Queryable, { campaign, id }: Upload): Promise<void> {
  await tx.query({ ...statements.end, values: [campaign.tenantId, campaign.id, id] });
}

/**
 * Removes some rows of uploads that were cut, for one that has brought nothing yet or has ended; whether there may be more. What
 * belongs to another upload that is under way stays.
 */
export async function forgetCutRows(
  tx: Queryable,
  { campaign: { tenantId, id }, id: upload }: Upload,
): Promise<boolean> {
  const held = await tx.query({ ...statements.holdCut, values: [tenantId, id, upload] });
  if (held.rows.length === 0) return false;
  const { rows } = await tx.query<{ gone: number }>({ ...statements.forget, values: [tenantId, id, FORGET_AT_ONCE] });
  return (rows[0]?.gone ?? 0) >= FORGET_AT_ONCE;
}
