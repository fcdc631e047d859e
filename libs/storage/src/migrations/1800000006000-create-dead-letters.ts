import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What nobody could send or read: kept, listed, and sent again by a person. */
export class CreateDeadLetters1800000006000 implements MigrationInterface {
  readonly name = 'CreateDeadLetters1800000006000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table dead_letters (
        tenant_id uuid not null,
        id uuid not null,
        mode text not null check (mode in ('live', 'test')),
        kind text not null check (kind in ('delivery', 'record', 'app_event', 'webhook')),
        reason text not null,
        status text not null default 'open' check (status in ('open', 'redriven', 'discarded')),
        delivery_id uuid,
        email_id uuid,
        job_id uuid,
        attempts integer not null,
        error text,
        conversation text[] not null default '{}', -- the last one, line by line
        topic text,
        partition integer,
        record_offset bigint,
        record_ms bigint, -- its timestamp in Kafka: a topic that was made anew has the same offsets again
        headers json,
        key bytea,
        payload bytea,
        created_at timestamptz not null default clock_now(),
        closed_at timestamptz,
        closed_by text,
        note text, -- why it was discarded
        primary key (tenant_id, id)
      );
      create index dead_letters_of_email on dead_letters (tenant_id, email_id) where email_id is not null;
      create index dead_letters_of_delivery on dead_letters (tenant_id, delivery_id) where delivery_id is not null;
      -- One record is put aside once, however often it comes.
      create unique index dead_letters_of_record on dead_letters (tenant_id, topic, partition, record_offset, record_ms) where kind = 'record';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table dead_letters;
    `);
  }
}
