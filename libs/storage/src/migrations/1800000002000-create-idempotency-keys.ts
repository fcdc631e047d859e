import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers that a repeated request gets again (interface 2, Idempotency-Key). */
export class CreateIdempotencyKeys1800000002000 implements MigrationInterface {
  readonly name = 'CreateIdempotencyKeys1800000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table idempotency_keys (
        tenant_id uuid not null,
        mode text not null check (mode in ('live', 'test')),
        route text not null,
        key text not null,
        fingerprint bytea not null check (length(fingerprint) = 32), -- SHA-256 of the request in canonical form
        email_id uuid not null, -- kept until it has come to its end, and 30 days longer
        status smallint not null,
        headers json not null,
        body text not null, -- byte for byte
        created_at timestamptz not null,
        primary key (tenant_id, mode, route, key)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table idempotency_keys');
  }
}
