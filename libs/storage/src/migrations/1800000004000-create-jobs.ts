import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs: batches, and work over many rows that goes on by itself after any restart. */
export class CreateJobs1800000004000 implements MigrationInterface {
  readonly name = 'CreateJobs1800000004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table jobs (
        tenant_id uuid not null,
        id uuid not null,
        mode text not null check (mode in ('live', 'test')),
        kind text not null check (kind in ('campaign', 'broadcast', 'load_test', 'batch', 'bulk', 'import', 'redrive', 'replay')),
        status text not null check (status in ('scheduled', 'running', 'paused', 'completed', 'completed_with_errors', 'cancelled')),
        owner_id text,
        actor text not null,
        work json, -- what a row job does, and to which rows; null: its emails carry the job
        position uuid, -- the last row that is done
        rows_total integer,
        rows_done integer,
        rows_ok integer,
        rows_rejected integer,
        result json,
        rejections json, -- how many rows were left as they are, by reason
        version integer not null default 1,
        created_at timestamptz not null default clock_now(),
        started_at timestamptz,
        active_at timestamptz not null default clock_now(),
        finished_at timestamptz,
        cancelled_at timestamptz,
        told json, -- the last job.progress, when, how many copies or rows had come to an end, and how fast they did
        told_at timestamptz,
        told_done integer,
        rate double precision,
        primary key (tenant_id, id)
      );
      create index jobs_newest on jobs (tenant_id, mode, id desc);
      create index jobs_active on jobs (tenant_id, mode, id desc) where finished_at is null;
      create index jobs_of_owner on jobs (tenant_id, mode, owner_id, id desc) where owner_id is not null;

      -- The jobs to look after, of all tenants: names only, so that whoever does their work finds them.
      create table open_jobs (
        job_id uuid primary key,
        tenant_id uuid not null,
        has_rows boolean not null
      );

      -- A stored answer may be of a job, or of neither.
      alter table idempotency_keys alter email_id drop not null, add job_id uuid;
      alter table outbox alter email_id drop not null, add job_id uuid;
      create index outbox_of_job on outbox (tenant_id, job_id, id) where job_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index outbox_of_job;
      delete from outbox where email_id is null;
      delete from idempotency_keys where email_id is null;
      alter table outbox drop job_id, alter email_id set not null;
      alter table idempotency_keys drop job_id, alter email_id set not null;
      drop table open_jobs, jobs;
    `);
  }
}
