import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the sandbox's SMTP server accepted and refused, and what its scripts remember. */
export class CreateSandbox1800000001000 implements MigrationInterface {
  readonly name = 'CreateSandbox1800000001000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [MESSAGES, REFUSALS, ATTEMPTS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sandbox_attempts, sandbox_refusals, sandbox_messages');
  }
}

/** The inbox: one row per recipient. Test mode only, so there is no mode. */
const MESSAGES = `
create table sandbox_messages (
  tenant_id uuid not null,
  id uuid not null,
  delivery_id uuid,
  email_id uuid,
  verdict text not null check (verdict in ('accepted', 'dropped')), -- dropped: kept, but its sender got no reply
  mail_from text not null, -- empty: the null sender of bounces
  rcpt_to text not null,
  from_mailbox text,
  from_key text,
  subject text,
  size_bytes integer not null,
  script text,
  raw bytea not null,
  received_at timestamptz not null default clock_now(),
  primary key (tenant_id, id)
);
-- Not compressed: every accepted message would pay for it, and few are ever read.
alter table sandbox_messages alter column raw set storage external;
create index sandbox_messages_of_email on sandbox_messages (tenant_id, email_id, id) where email_id is not null;
create index sandbox_messages_of_delivery on sandbox_messages (tenant_id, delivery_id, id) where delivery_id is not null;
`;

/** What was not kept, so that it can be counted. */
const REFUSALS = `
create table sandbox_refusals (
  tenant_id uuid not null,
  id uuid not null,
  delivery_id uuid,
  email_id uuid,
  verdict text not null check (verdict in ('refused', 'dropped')),
  rcpt_to text not null,
  script text,
  at timestamptz not null default clock_now(),
  primary key (tenant_id, id)
);
create index sandbox_refusals_of_email on sandbox_refusals (tenant_id, email_id) where email_id is not null;
`;

/** How often a scripted message was tried. The key is the delivery, else a hash of recipient and Message-ID. */
const ATTEMPTS = `
create table sandbox_attempts (
  key text primary key,
  attempts integer not null,
  at timestamptz not null default clock_now()
);
`;
