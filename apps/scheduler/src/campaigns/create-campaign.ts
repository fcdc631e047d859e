import {
  type EmailId,
  type FieldError,
  type Mailbox,
  publicId,
  type RepeatWish,
  type SendWindows,
  type Wish,
} from '#domain';
import { emailCreatedV1 } from '#events';
import type { Caller } from '#http';
import {
  addRecipients,
  addRejections,
  appendOutbox,
  type CampaignRow,
  createCampaign,
  getCampaign,
  type NewCampaign,
  newId,
  outboxEvent,
  type Queryable,
  readNow,
  readSettings,
} from '#storage';
import { actorOf } from '../emails/change-of.js';
import { type DecidedEmail, decideEmail, expiryErrors } from '../emails/decide-email.js';
import { written } from '../emails/fields.js';
import type { DefaultFrom } from '../settings/default-from.js';
import type { CampaignRequest } from './campaign.schema.js';
import { checkContent } from './content-errors.js';
import { decideSeries } from './decide-series.js';
import { decideStart, windowErrors } from './decide-start.js';
import { type Audience, readAudience } from './read-audience.js';
import { storedRepeat } from './repeat.schema.js';
import { asJob } from './steer-campaigns.js';

export type CreatedCampaign =
  | { readonly kind: 'created'; readonly campaign: CampaignRow }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] };

export interface CreateOptions {
  /** The campaign of which this is one run. */
  readonly parentId?: EmailId;
}

interface Decided {
  readonly email: DecidedEmail;
  readonly startAt: Date | null;
  readonly needs: readonly string[];
  readonly windows: SendWindows;
  readonly wish: Wish | null;
  readonly repeat: RepeatWish | null;
}

/** Accepts a campaign: checked, stored with its recipients, its job and its event in one transaction. */
export class CreateCampaign {
  constructor(private readonly defaultFrom: DefaultFrom) {}

  /** @param tx an open transaction; nothing is stored when the wish is refused */
  async run(
    tx: Queryable,
    caller: Caller,
    wish: CampaignRequest,
    options: CreateOptions = {},
  ): Promise<CreatedCampaign> {
    const now = Math.floor(await readNow(tx));
    const settings = await readSettings(tx, caller.tenantId);
    const decision = decide(wish, now, settings?.windows ?? []);
    if (decision.kind === 'invalid') return decision;
    const audience = readAudience(wish.recipients ?? [], decision.decided.needs);
    const from = wish.from ?? (await this.defaultFrom.of(caller.tenantId, tx));
    const campaign = newCampaign(caller, wish, { ...decision.decided, from, audience, ...options });
    await store(tx, campaign, audience);
    const row = await getCampaign(tx, caller, campaign.id);
    if (!row) throw new Error(`campaign ${campaign.id} was stored and cannot be read`);
    return { kind: 'created', campaign: row };
  }
}

/** Whether the parts of a campaign fit together, given what time it is and when its tenant sends. */
export function decide(
  wish: CampaignRequest,
  now: number,
  ofTenant: SendWindows,
): { readonly kind: 'decided'; readonly decided: Decided } | Extract<CreatedCampaign, { kind: 'invalid' }> {
  const email = decideEmail({ ...wish, to: [ANYBODY], class: 'bulk', visibility: 'individual' });
  const start = decideStart(wish, now);
  const windows = wish.windows ?? [];
  const repeat = wish.repeat ? storedRepeat(wish.repeat) : null;
  const series = repeat && start.kind === 'start' ? decideSeries(repeat, wish, now) : undefined;
  const content = checkContent(wish.render ?? 'none', {
    subject: wish.subject,
    text: wish.text ?? null,
    html: wish.html ?? null,
  });
  const errors = [
    ...(email.kind === 'invalid' ? email.errors : []),
    ...(content.kind === 'invalid' ? content.errors : []),
    ...(start.kind === 'invalid' ? start.errors : expiryErrors(wish, start.at ?? now)),
    ...(series?.kind === 'invalid' ? series.errors : []),
    ...windowErrors(windows, ofTenant, now),
  ];
  if (errors.length > 0 || email.kind === 'invalid' || start.kind === 'invalid' || content.kind === 'invalid')
    return { kind: 'invalid', errors };
  const at = series?.kind === 'series' && !startsLater(wish) ? series.first : start.at;
  const startAt = at === null ? null : new Date(at);
  const decided = { email: email.email, startAt, needs: content.needs, windows, wish: wish.schedule ?? null, repeat };
  return { kind: 'decided', decided };
}

const isDraft = ({ draft, recipients }: CampaignRequest): boolean => draft ?? recipients === undefined;

/** A draft without a time: it is now when it is started. */
const startsLater = (wish: CampaignRequest): boolean =>
  isDraft(wish) && wish.scheduledAt === undefined && wish.schedule === undefined;

/** Stands for all recipients where the parts of the content are compared with each other. */
const ANYBODY: Mailbox = { name: null, address: 'anybody@example.com', key: 'anybody@example.com' };

interface Parts extends Decided, CreateOptions {
  readonly from: Mailbox;
  readonly audience: Audience;
}

function newCampaign(
  caller: Caller,
  wish: CampaignRequest,
  { email, startAt, needs, windows, wish: schedule, repeat, from, audience, parentId }: Parts,
): NewCampaign {
  const count = audience.recipients.length;
  return {
    tenantId: caller.tenantId,
    id: newId<EmailId>(),
    mode: caller.mode,
    kind: 'campaign',
    state: isDraft(wish) ? 'draft' : count === 0 ? 'completed' : 'open',
    actor: actorOf(caller),
    name: wish.name ?? null,
    from: written(from),
    replyTo: (wish.replyTo ?? []).map(written),
    subject: wish.subject,
    text: wish.text ?? null,
    html: wish.html ?? null,
    headers: wish.headers ?? {},
    attachments: wish.attachments ?? [],
    scheduledAt: startAt,
    expiresAt: wish.expiresAt === undefined ? null : new Date(wish.expiresAt),
    graceSeconds: email.graceSeconds,
    onMissed: email.onMissed,
    retryForSeconds: email.retryForSeconds,
    onUnknown: email.onUnknown,
    ownerId: wish.ownerId ?? null,
    tags: wish.tags ?? {},
    correlationKey: wish.correlationKey ?? null,
    render: wish.render ?? 'none',
    wish: schedule,
    windows,
    pacing: wish.pacing ?? { delaySeconds: 0, hourlyLimit: null, spread: 'even', weight: 1 },
    repeat,
    nextRunAt: repeat && !isDraft(wish) && count > 0 ? startAt : null,
    parentId: parentId ?? null,
    script: null,
    dataNames: needs,
    audience: {
      expanding: !isDraft(wish) && count > 0 && repeat === null,
      recipients: count,
      merged: audience.merged,
      rejected: audience.rejected.length,
      badTimeZones: audience.badTimeZones,
    },
  };
}

async function store(tx: Queryable, campaign: NewCampaign, audience: Audience): Promise<void> {
  const { scheduledMs } = await createCampaign(tx, campaign);
  await addRecipients(tx, campaign, 0, audience.recipients);
  await addRejections(tx, campaign, 0, audience.rejected);
  const { tenantId, mode, id, actor, ownerId } = campaign;
  const about = { tenantId, mode, source: 'scheduler', actor, emailId: id, deliveryId: null, version: 1 };
  await appendOutbox(tx, [
    outboxEvent(emailCreatedV1, about, {
      emailId: publicId('email', id),
      kind: campaign.kind,
      class: 'bulk',
      scheduledAt: new Date(scheduledMs).toISOString(),
      total: audience.recipients.length,
      ownerId,
      jobId: publicId('job', asJob(id)),
      version: 1,
    }),
  ]);
}
