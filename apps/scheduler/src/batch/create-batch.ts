import { type EmailId, type FieldError, type JobId, parsePublicId, publicId } from '#domain';
import { type Caller, fingerprint, invalid } from '#http';
import {
  createEmails,
  createJob,
  findAnswers,
  getJob,
  type JobRow,
  newId,
  type NewEmail,
  type Queryable,
  readNow,
  type StoredAnswer,
} from '#storage';
import { actorOf } from '../emails/change-of.js';
import { createdAnswer } from '../emails/created-answer.js';
import { draftEmail } from '../emails/draft-email.js';
import type { KeyedRequest, StoredKey } from '../emails/keyed-answer.js';
import type { DefaultFrom } from '../settings/default-from.js';
import type { BatchItemView } from './batch-item.view.js';
import { type CheckedItem, inSlices } from './check-items.js';

/** An item's key is one of `POST /v1/emails`: the same email sent there, or in another batch, is the same email. */
const ROUTE = 'POST /v1/emails';

export interface CreatedBatch {
  readonly job: JobRow;
  readonly items: readonly BatchItemView[];
  /** What was stored, and the copies of it. */
  readonly emails: number;
  readonly copies: number;
}

type Draft =
  | { readonly kind: 'email'; readonly email: NewEmail }
  /** Its key stood in this batch before, or was used before it. */
  | { readonly kind: 'replayed'; readonly id: EmailId }
  | { readonly kind: 'bad'; readonly errors: readonly FieldError[] };

/** Accepts up to 1,000 emails as one job: emails, copies, events, keys and job in the caller's transaction. */
export class CreateBatch {
  constructor(private readonly defaultFrom: DefaultFrom) {}

  /** Throws `validation_failed` when anything is wrong and the mode is strict. */
  async run(
    tx: Queryable,
    caller: Caller,
    items: readonly CheckedItem[],
    mode: 'strict' | 'permissive',
  ): Promise<CreatedBatch> {
    const refuse = (all: readonly Draft[]) => {
      const errors = errorsOf(all);
      if (mode === 'strict' && errors.length > 0) throw invalid(errors);
    };
    const id = newId<JobId>();
    const drafts = await this.draftAll(tx, caller, items, id);
    refuse(drafts);
    const { tenantId, mode: of } = caller;
    const about = { tenantId, id, mode: of, ownerId: commonOwner(drafts), actor: actorOf(caller) };
    await createJob(tx, { ...about, kind: 'batch', rows: null });
    const stored = settled(drafts, await store(tx, emailsOf(drafts)));
    refuse(stored);
    const job = await getJob(tx, caller, id);
    if (!job) throw new Error(`job ${id} was not stored`);
    return { job, items: stored.map(itemOf), emails: emailsOf(stored).length, copies: job.total };
  }

  private async draftAll(tx: Queryable, caller: Caller, items: readonly CheckedItem[], jobId: JobId): Promise<Draft[]> {
    const now = Math.floor(await readNow(tx));
    const choices = await this.defaultFrom.choices(caller.tenantId, tx);
    const keys = items.map((checked) => keyOf(checked));
    const used = await findUsed(tx, caller, keys);
    const inBatch = new Map<string, { readonly fingerprint: Buffer; readonly id: EmailId }>();
    return inSlices(items, (checked, index): Draft => {
      if (checked.kind === 'bad') return checked;
      const key = keys[index];
      const before = key && (used.get(key.key) ?? inBatch.get(key.key));
      if (key && before) return repeatedItem(before, key, index);
      const { idempotencyKey: _, ...wish } = checked.item;
      const drafted = draftEmail(caller, wish, now, { choices, jobId, keyed: key });
      if (drafted.kind === 'invalid') return { kind: 'bad', errors: inItem(drafted.errors, index) };
      if (key) inBatch.set(key.key, { fingerprint: key.fingerprint, id: drafted.email.id });
      return { kind: 'email', email: drafted.email };
    });
  }
}

function keyOf(checked: CheckedItem): KeyedRequest | undefined {
  if (checked.kind === 'bad' || checked.item.idempotencyKey === undefined) return undefined;
  const { idempotencyKey: key, ...body } = checked.item;
  return { route: ROUTE, key, fingerprint: fingerprint(body), answerOf: createdAnswer };
}

/** Emails that were created under these keys before. */
async function findUsed(
  tx: Queryable,
  { tenantId, mode }: Caller,
  keys: readonly (KeyedRequest | undefined)[],
): Promise<Map<string, { readonly fingerprint: Buffer; readonly id: EmailId }>> {
  const asked = keys.flatMap((key) => (key ? [{ tenantId, mode, ...key }] : []));
  if (asked.length === 0) return new Map();
  const answers = await findAnswers(tx, asked);
  return new Map(
    asked.flatMap(({ key }, index) => {
      const answer = answers[index];
      return answer ? [[key, { fingerprint: answer.fingerprint, id: emailOf(answer) }] as const] : [];
    }),
  );
}

function emailOf(answer: StoredAnswer | StoredKey): EmailId {
  const { id } = JSON.parse(answer.body) as { readonly id: string };
  const emailId = parsePublicId('email', id);
  if (!emailId) throw new Error(`a stored answer of ${ROUTE} is about ${id}, which is no email`);
  return emailId;
}

const repeatedItem = (
  before: { readonly fingerprint: Buffer; readonly id: EmailId },
  key: KeyedRequest,
  index: number,
): Draft =>
  before.fingerprint.equals(key.fingerprint)
    ? { kind: 'replayed', id: before.id }
    : { kind: 'bad', errors: [keyConflict(index)] };

const keyConflict = (index: number): FieldError => ({
  pointer: `/emails/${index}/idempotencyKey`,
  code: 'conflict',
  detail: 'was used for an email that said something else; use a new key for a new email',
});

const inItem = (errors: readonly FieldError[], index: number): FieldError[] =>
  errors.map((error) => ('pointer' in error ? { ...error, pointer: `/emails/${index}${error.pointer}` } : error));

/** What a twin stored a moment ago under the key of one of our emails. */
type Twins = ReadonlyMap<EmailId, { readonly id: EmailId; readonly isSame: boolean }>;

async function store(tx: Queryable, emails: readonly NewEmail[]): Promise<Twins> {
  if (emails.length === 0) return new Map();
  const results = await createEmails(tx, emails);
  return new Map(
    emails.flatMap(({ id, keyed }, index) => {
      const result = results[index];
      if (result?.kind !== 'repeated') return [];
      return [[id, { id: emailOf(result.answer), isSame: keyed?.fingerprint.equals(result.fingerprint) === true }]];
    }),
  );
}

/** The drafts as they were stored, or not, because of a twin. */
const settled = (drafts: readonly Draft[], twins: Twins): Draft[] =>
  drafts.map((draft, index) => {
    if (draft.kind === 'bad') return draft;
    const twin = twins.get(draft.kind === 'email' ? draft.email.id : draft.id);
    if (!twin) return draft;
    return twin.isSame ? { kind: 'replayed', id: twin.id } : { kind: 'bad', errors: [keyConflict(index)] };
  });

function itemOf(draft: Draft, index: number): BatchItemView {
  switch (draft.kind) {
    case 'bad':
      return { index, id: null, status: 'rejected', errors: draft.errors };
    case 'replayed':
      return { index, id: publicId('email', draft.id), status: 'replayed' };
    case 'email':
      return { index, id: publicId('email', draft.email.id), status: 'created' };
  }
}

const errorsOf = (drafts: readonly Draft[]): FieldError[] =>
  drafts.flatMap((draft) => (draft.kind === 'bad' ? draft.errors : []));

const emailsOf = (drafts: readonly Draft[]): NewEmail[] =>
  drafts.flatMap((draft) => (draft.kind === 'email' ? [draft.email] : []));

/** Whose job it is: the one owner of all its emails. */
function commonOwner(drafts: readonly Draft[]): string | null {
  const owners = new Set(emailsOf(drafts).map(({ ownerId }) => ownerId));
  const [owner] = owners;
  return owners.size === 1 ? (owner ?? null) : null;
}
