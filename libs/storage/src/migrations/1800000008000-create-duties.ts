import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Work that one process does at a time, what it has to remember, and the health of providers that all processes share. */
export class CreateDuties1800000008000 implements MigrationInterface {
  readonly name = 'CreateDuties1800000008000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The holder raises seq while it lives; whoever sees it unchanged for too long takes over under a higher term (reliability 2.4).
      create table duties (
        name text primary key,
        holder uuid not null,
        term bigint not null,
        seq bigint not null
      ) with (fillfactor = 50);

      -- One row per load of a sender: what it has begun to work on. Only what stands here, or was renewed, can be lost by it.
      create table takes (
        at timestamptz not null,
        id uuid not null,
        deliveries uuid[] not null,
        epochs integer[] not null,
        primary key (at, id)
      );

      -- Which records brokers have acknowledged last, of which cluster: a broker that knows less has lost its log.
      alter table relay_cursor
        add cluster text,
        add acknowledged json not null default '{}'; -- topic -> partition -> offset
      alter table outbox add traceparent text; -- W3C Trace Context of the request that caused it

      -- Few, and found by nothing else when they are old.
      create index outbox_of_nothing on outbox (id) where email_id is null and job_id is null;
      -- Written in the order of their age, so a summary of their pages finds the old ones and costs an insert nothing.
      create index idempotency_keys_oldest on idempotency_keys using brin (created_at);

      create table breakers (
        provider_id uuid primary key,
        state text not null check (state in ('closed', 'open', 'half_open')),
        faults integer not null default 0, -- in a row
        opened integer not null default 0, -- how often in a row: each time it stays open longer
        open_until timestamptz,
        last_error text,
        changed_at timestamptz not null default clock_now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table breakers, takes, duties;
      drop index idempotency_keys_oldest, outbox_of_nothing;
      alter table outbox drop traceparent;
      alter table relay_cursor drop cluster, drop acknowledged;
    `);
  }
}
