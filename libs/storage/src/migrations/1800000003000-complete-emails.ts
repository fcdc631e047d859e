import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The rest of what a caller may say of an email: attachments, headers, tags, grace and expiry. */
export class CompleteEmails1800000003000 implements MigrationInterface {
  readonly name = 'CompleteEmails1800000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table emails
        add headers json not null default '{}',
        add attachments json not null default '[]', -- names, types and sizes; the bytes are in email_attachments
        add tags jsonb not null default '{}',
        add correlation_key text,
        add expires_at timestamptz,
        add on_missed text not null default 'expire' check (on_missed in ('expire', 'hold')),
        add job_id uuid; -- the batch it came in
      create index emails_of_job on emails (tenant_id, job_id, id) where job_id is not null;
      create index emails_of_owner on emails (tenant_id, mode, owner_id, id desc) where owner_id is not null;
      create index emails_of_correlation on emails (tenant_id, correlation_key) where correlation_key is not null;

      create table email_attachments (
        tenant_id uuid not null,
        email_id uuid not null,
        position smallint not null,
        content bytea not null,
        primary key (tenant_id, email_id, position)
      );
      alter table email_attachments alter content set storage external; -- most are compressed already

      -- The tags once more, for lists: newest first by an index, which row-level security keeps an index on the jsonb from doing.
      create table email_tags (
        tenant_id uuid not null,
        mode text not null check (mode in ('live', 'test')),
        name text not null,
        value text not null,
        email_id uuid not null,
        primary key (tenant_id, mode, name, value, email_id)
      );

      -- Emails with an instant after which nothing of them may be sent: found by it without an index on what moves.
      create table expiring (
        expires_at timestamptz not null,
        tenant_id uuid not null,
        email_id uuid not null,
        primary key (expires_at, tenant_id, email_id)
      );

      -- Beside due_at, so that a claim sees without a join what is too late to be sent.
      alter table deliveries add grace_seconds integer not null default 86400;
      -- As its email is: while it is paused, whatever takes a copy back to waiting leaves it out of what is due. On the copy, because
      -- the row lock decides races and a look at the email may be older than that lock (decision 13).
      alter table deliveries add paused boolean not null default false;
      create index deliveries_of_recipient on deliveries (recipient_key, tenant_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index deliveries_of_recipient, emails_of_job, emails_of_owner, emails_of_correlation;
      alter table deliveries drop paused, drop grace_seconds;
      drop table expiring, email_tags, email_attachments;
      alter table emails drop headers, drop attachments, drop tags, drop correlation_key, drop expires_at, drop on_missed, drop job_id;
    `);
  }
}
