import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tickets: let a browser listen for a minute without ever seeing a key. */
export class CreateTickets1800000009000 implements MigrationInterface {
  readonly name = 'CreateTickets1800000009000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table realtime_tickets (
        hash bytea primary key check (length(hash) = 32), -- SHA-256 of the ticket; the ticket itself is never stored
        tenant_id uuid not null,
        mode text not null check (mode in ('live', 'test')),
        key_id uuid,
        scopes text[] not null,
        topics text[] not null,
        expires_at timestamptz not null
      );
      create index realtime_tickets_expired on realtime_tickets (expires_at);
      alter table api_keys add last_used_at timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api_keys drop last_used_at;
      drop table realtime_tickets;
    `);
  }
}
