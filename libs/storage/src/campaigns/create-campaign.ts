import {
  campaignScope,
  type EmailId,
  type EmailKind,
  type LimitRule,
  type Mode,
  pacedRules,
  type Pacing,
  type TenantId,
} from '#domain';
import type { Queryable } from '../database.js';
import { attachmentRow, replaceAttachments } from '../emails/attachments.js';
import type { NewEmail } from '../emails/new-email.js';
import { createUnusedLimit } from '../limits/limit-rows.js';
import { sqlFile } from '../sql-file.js';

type Content = Pick<
  NewEmail,
  | 'from'
  | 'replyTo'
  | 'subject'
  | 'text'
  | 'html'
  | 'headers'
  | 'attachments'
  | 'scheduledAt'
  | 'expiresAt'
  | 'graceSeconds'
  | 'onMissed'
  | 'retryForSeconds'
  | 'onUnknown'
  | 'ownerId'
  | 'tags'
  | 'correlationKey'
>;

/** An email with an audience, before it is stored. */
export interface NewCampaign extends Content {
  readonly tenantId: TenantId;
  readonly id: EmailId;
  readonly mode: Mode;
  readonly kind: Extract<EmailKind, 'campaign' | 'load_test'>;
  /** `open`: `scheduled` or `running`, by its time. */
  readonly state: 'draft' | 'open' | 'completed';
  /** Who asked for it: `key_…` or `system`. */
  readonly actor: string;
  readonly name: string | null;
  readonly render: 'none' | 'liquid';
  /** The schedule as it was wished; null: an instant was. */
  readonly wish: object | null;
  readonly windows: readonly object[];
  readonly pacing: Pacing;
  /** Of its limit, beside those that its pacing is. */
  readonly rules?: readonly LimitRule[];
  readonly repeat: object | null;
  /** Of one that repeats: when its first run is made. It has no copies of its own. */
  readonly nextRunAt?: Date | null;
  readonly parentId: EmailId | null;
  /** Of a load test: what its recipients are made from. */
  readonly script: object | null;
  /** The variables that its content needs of every recipient. */
  readonly dataNames: readonly string[];
  /** Its recipients as they are stored in the same transaction, in places from 1 on. */
  readonly audience: {
    readonly expanding: boolean;
    readonly recipients: number;
    readonly merged: number;
    readonly rejected: number;
    /** Recipients whose zone is none. */
    readonly badTimeZones?: number;
  };
}

const statement = sqlFile('./create-campaign.sql', import.meta.url);

/** Stores a campaign or a load test with its job, the limit that its pacing is and, unless it is a draft, its line. */
export async function createCampaign(
  tx: Queryable,
  campaign: NewCampaign,
): Promise<{ readonly status: string; readonly scheduledMs: number }> {
  const { rows } = await tx.query<{ status: string; scheduled_ms: number }>({
    ...statement,
    values: [...contentValues(campaign), ...audienceValues(campaign)],
  });
  if (campaign.attachments.length > 0) await replaceAttachments(tx, campaign, campaign.attachments);
  const rules = pacedRules(campaign.rules ?? [], campaign.pacing);
  if (rules.length > 0) await createUnusedLimit(tx, campaign.tenantId, campaignScope(campaign.id), rules);
  const [row] = rows;
  if (!row) throw new Error(`campaign ${campaign.id} was not stored`);
  return { status: row.status, scheduledMs: row.scheduled_ms };
}

const contentValues = (campaign: NewCampaign): unknown[] => [
  campaign.tenantId,
  campaign.id,
  campaign.state,
  campaign.kind,
  campaign.mode,
  campaign.from,
  JSON.stringify(campaign.replyTo),
  campaign.subject,
  campaign.text,
  campaign.html,
  JSON.stringify(campaign.headers),
  JSON.stringify(campaign.attachments.map(attachmentRow)),
  campaign.expiresAt,
  campaign.graceSeconds,
  campaign.onMissed,
  campaign.retryForSeconds,
  campaign.scheduledAt,
  campaign.onUnknown,
  campaign.ownerId,
  JSON.stringify(campaign.tags),
  campaign.correlationKey,
  campaign.name,
  campaign.render,
  json(campaign.wish),
  JSON.stringify(campaign.windows),
];

const audienceValues = ({ pacing, audience, ...campaign }: NewCampaign): unknown[] => [
  pacing.delaySeconds,
  pacing.hourlyLimit,
  pacing.spread,
  pacing.weight,
  json(campaign.repeat),
  campaign.parentId,
  json(campaign.script),
  campaign.dataNames,
  audience.expanding,
  audience.recipients,
  audience.merged,
  audience.rejected,
  campaign.actor,
  campaign.nextRunAt ?? null,
  audience.badTimeZones ?? 0,
];

const json = (value: object | null): string | null => value && JSON.stringify(value);
