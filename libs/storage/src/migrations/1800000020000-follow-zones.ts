import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, isolate } from './isolation.js';

/** Local times follow the clocks of their zones, also where these change after they were wished; names that are no zones are counted. */
export class FollowZones1800000020000 implements MigrationInterface {
  readonly name = 'FollowZones1800000020000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The newest version of the time zones by which what waits was looked at. At most one row.
      create table tzdata (
        one boolean primary key default true check (one),
        version text not null -- '2026a'
      );

      -- Tenants whose wishes are looked at anew, email by email, and how far that is.
      create table zone_walks (
        tenant_id uuid primary key,
        starts_at timestamptz not null, -- later than now: other processes may know the old settings until then
        email_id uuid, -- the last one that was looked at; null: it begins
        campaign_id uuid, -- the one behind it, whose copies are being looked at
        delivery_id uuid -- the last of these
      );

      -- What waits for a local time is found among what ever did.
      create index emails_wished on emails (tenant_id, id) where wish is not null;

      alter table campaigns
        add bad_time_zones integer not null default 0; -- recipients whose zone is none
    `);
    await runner.query(grant({ table: 'tzdata', worker: 'select, insert, update' }));
    await runner.query(isolate({ table: 'zone_walks', api: ALL, worker: ALL }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table campaigns drop bad_time_zones;
      drop index emails_wished;
      drop table zone_walks, tzdata;
    `);
  }
}

const ALL = 'select, insert, update, delete';
