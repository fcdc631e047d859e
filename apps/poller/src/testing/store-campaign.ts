import { campaignScope, type EmailId, type LimitRule, type Mode, type TenantId } from '#domain';
import { createLimit, type Database, newId } from '#storage';

export interface CampaignWish {
  readonly tenantId: TenantId;
  readonly copies: number;
  readonly mode?: Mode;
  readonly delaySeconds?: number;
  readonly hourlyLimit?: number | null;
  readonly weight?: number;
  readonly rules?: readonly LimitRule[];
  readonly windows?: readonly object[];
  /** What stands behind the number in each address. */
  readonly address?: string;
}

/** A campaign whose copies have all been made and are due, in its line. */
export async function storeCampaign(db: Database, wish: CampaignWish): Promise<EmailId> {
  const id = newId<EmailId>();
  const {
    tenantId,
    copies,
    mode = 'test',
    delaySeconds = 0,
    hourlyLimit = null,
    weight = 1,
    rules = [],
    windows = [],
  } = wish;
  if (rules.length > 0) await createLimit(db, tenantId, campaignScope(id), rules);
  await db.query({
    name: 'store-campaign',
    text: `with email as (
        insert into emails (tenant_id, id, kind, class, mode, visibility, status, from_mailbox, to_mailboxes, cc_mailboxes, bcc_mailboxes,
          reply_to, subject, text_body, scheduled_at, grace_seconds, retry_for_seconds, on_unknown, total, windows, created_at, updated_at)
        values ($1, $2, 'campaign', 'bulk', $3, 'individual', 'running', 'Ada <ada@acme.test>', '[]', '[]', '[]', '[]', 'Hi', 'x', clock_now(),
          86400, 86400, 'at_most_once', 0, $8::json, clock_now(), clock_now())
      ), campaign as (
        insert into campaigns (tenant_id, email_id, delay_seconds, hourly_limit, weight) values ($1, $2, $4, $5, $6)
      ), line as (
        insert into lines (line, tenant_id, lane, mode, email_id, next_at) values ($2::text, $1, 'bulk', $3, $2, clock_now())
      ), made as (
        insert into deliveries (tenant_id, id, email_id, lane, line, mode, role, mailbox, address, recipient_key, due_at, eligible_at,
          grace_seconds, created_at, counted)
        select $1, uuidv7(), $2, 'bulk', $2::text, $3, 'to', 'u' || n || $9, 'u' || n || $9, 'u' || n || $9, clock_now(), clock_now(), 86400,
          clock_now(), true
        from generate_series(1, $7) n
        returning id, due_at
      )
      insert into due (line, due_at, id, tenant_id, mode) select $2::text, due_at, id, $1, $3 from made`,
    values: [
      tenantId,
      id,
      mode,
      delaySeconds,
      hourlyLimit,
      weight,
      copies,
      JSON.stringify(windows),
      wish.address ?? '@example.com',
    ],
  });
  return id;
}
