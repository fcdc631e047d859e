import { createHash } from 'node:crypto';
import { readRecipients, type RecipientRow, type RecipientType, UploadRefused } from '#content';
import { type Caller, campaignView, idempotencyKey, keyInProgress, keyReused, Problem, requireVersion } from '#http';
import {
  admitUpload,
  beginUpload,
  type Database,
  doOnce,
  endUpload,
  findAnswers,
  forgetCutRows,
  holdCampaign,
  holdUpload,
  type IdempotencyKey,
  isUploading,
  type StoredAnswer,
  storeRows,
  type Upload,
  type UploadKey,
} from '#storage';
import { campaignIdOf, findCampaign } from './campaign-of.js';
import { UploadBody } from './upload-body.js';

const ROUTE = 'POST /v1/campaigns/{id}/recipients';
/** Rows of one transaction; what of an upload is in memory. */
const CHUNK = 2_000;
/** Well within the minute after which an upload is taken for dead: a slow sender needs longer for a chunk. */
const RENEW_MS = 10_000;

export interface UploadRequest {
  readonly id: string;
  readonly type: RecipientType;
  readonly body: AsyncIterable<Buffer>;
  readonly key: string | undefined;
  readonly ifVersion: number | undefined;
}

export interface Uploaded {
  readonly answer: StoredAnswer;
  readonly isReplay: boolean;
}

/**
 * Takes the recipients of a draft from a stream, chunk by chunk: what is in memory does not grow with the file. The rows stand
 * where nobody sees them until the stream has ended well; then one fact accepts all of them. Of an upload that is cut
 * nothing is accepted. One transaction for all would hold back whatever waits for old transactions to end.
 */
export class UploadRecipients {
  /** @param renewMs how often an upload whose bytes come is noted as under way */
  constructor(
    private readonly db: Database,
    private readonly renewMs = RENEW_MS,
  ) {}

  /** Throws `not_found`, `state_conflict`, `version_mismatch`, `validation_failed`, `too_large` and those of keys. */
  async run(caller: Caller, request: UploadRequest): Promise<Uploaded> {
    const body = new UploadBody(request.body);
    try {
      return await this.take(caller, request, body);
    } catch (error) {
      const isOver = await body.isOver();
      throw error instanceof Problem && !isOver ? withoutRest(error) : error;
    }
  }

  private async take(caller: Caller, request: UploadRequest, body: UploadBody): Promise<Uploaded> {
    const key = keyOf(caller, request);
    const known = key && (await this.storedAnswer(key));
    if (known) {
      await body.drain();
      return repeated(known, fingerprintOf(request, body));
    }
    const upload = await this.begin(caller, request, key);
    try {
      await this.removeCut(upload);
      const bytes = this.renewing(upload, body.bytes());
      const stored = await this.store(
        upload,
        readRecipients(request.type, bytes, { needs: upload.needs, batch: CHUNK }),
      );
      return await this.admit(stored, key && { ...key, fingerprint: fingerprintOf(request, body) });
    } catch (error) {
      await this.forget(upload);
      throw error instanceof UploadRefused ? nothingAccepted(error) : error;
    }
  }

  private async begin(caller: Caller, { id, ifVersion }: UploadRequest, key: UploadKey | undefined): Promise<Upload> {
    const campaign = { tenantId: caller.tenantId, id: campaignIdOf(id) };
    return this.db.of(caller.tenantId).transaction(async (tx) => {
      await holdCampaign(tx, campaign);
      const row = await findCampaign(tx, caller, id);
      requireVersion(ifVersion, row.version, campaignView(row));
      const upload = await beginUpload(tx, campaign, key);
      if (upload) return upload;
      if (key && (await isUploading(tx, campaign, key))) throw keyInProgress();
      throw notNow(row.status, row.updated_at);
    });
  }

  private async *renewing(upload: Upload, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const scoped = this.db.of(upload.campaign.tenantId);
    let renewedMs = performance.now();
    for await (const piece of bytes) {
      if (performance.now() - renewedMs >= this.renewMs) {
        if (!(await holdUpload(scoped, upload))) throw overtaken();
        renewedMs = performance.now();
      }
      yield piece;
    }
  }

  private async store(upload: Upload, batches: AsyncIterable<readonly RecipientRow[]>): Promise<Upload> {
    const scoped = this.db.of(upload.campaign.tenantId);
    let stored = upload;
    for await (const rows of batches) {
      const recipients = rows.filter((row) => row.kind === 'recipient');
      const rejected = rows.filter((row) => row.kind === 'rejected');
      const next = await scoped.transaction((tx) => storeRows(tx, stored, recipients, rejected));
      if (!next) throw overtaken();
      stored = next;
    }
    return stored;
  }

  private async admit(upload: Upload, key: IdempotencyKey | undefined): Promise<Uploaded> {
    return this.db.of(upload.campaign.tenantId).transaction(async (tx) => {
      const admit = async () => {
        const total = await admitUpload(tx, upload);
        if (total === undefined) throw overtaken();
        const { accepted, merged, rejected, badTimeZones } = upload;
        const body = JSON.stringify({ accepted, merged, rejected, badTimeZones, total });
        return { result: null, answer: { status: 200, headers: {}, body }, emailId: upload.campaign.id };
      };
      if (!key) return { answer: (await admit()).answer, isReplay: false };
      const once = await doOnce(tx, key, admit);
      if (once.kind === 'done') return { answer: once.answer, isReplay: false };
      throw once.kind === 'reused' ? keyReused() : keyInProgress(); // a twin was faster: the next repeat gets its answer
    });
  }

  private async forget(upload: Upload): Promise<void> {
    await this.db.of(upload.campaign.tenantId).transaction((tx) => endUpload(tx, upload));
    await this.removeCut(upload);
  }

  /** Of uploads that were cut, this one too when it has ended. Another that began meanwhile does that itself. */
  private async removeCut(upload: Upload): Promise<void> {
    const scoped = this.db.of(upload.campaign.tenantId);
    while (await scoped.transaction((tx) => forgetCutRows(tx, upload)));
  }

  private async storedAnswer(key: UploadKey) {
    const [found] = await findAnswers(this.db.of(key.tenantId), [{ ...key, fingerprint: Buffer.alloc(0) }]);
    return found;
  }
}

function keyOf({ tenantId, mode }: Caller, request: UploadRequest): UploadKey | undefined {
  const key = idempotencyKey(request.key);
  return key === undefined ? undefined : { tenantId, mode, route: ROUTE, key };
}

/** What two uploads must share to be one: campaign, type and bytes. */
const fingerprintOf = ({ id, type }: UploadRequest, body: UploadBody): Buffer =>
  createHash('sha256').update(`${id} ${type} ${body.digest()}`).digest();

function repeated(known: StoredAnswer & { readonly fingerprint: Buffer }, fingerprint: Buffer): Uploaded {
  if (!known.fingerprint.equals(fingerprint)) throw keyReused();
  return { answer: known, isReplay: true };
}

/** Its answer ends the connection: nobody reads what is left of the body. */
const withoutRest = ({ code, detail, details }: Problem): Problem =>
  new Problem(code, detail, { ...details, headers: { ...details.headers, connection: 'close' } });

const nothingAccepted = ({ code, detail }: UploadRefused): Problem =>
  new Problem('validation_failed', `The upload was refused, and nothing of it was accepted: ${detail}.`, {
    errors: [{ pointer: '', code, detail }],
  });

const overtaken = (): Problem =>
  new Problem(
    'state_conflict',
    'While this upload ran the campaign was started, cancelled or removed, or another upload took its place: nothing of this one was accepted.',
  );

function notNow(status: string, at: Date): Problem {
  const why =
    status === 'draft'
      ? 'Another upload to this campaign is under way. Send yours when it has ended.'
      : `It is "${status}": only drafts take recipients.`;
  return new Problem('state_conflict', why, { current: { status, at: at.toISOString() } });
}
