import pg from 'pg';

/** Asks the database past all code of ours. */
export class Witnessed {
  private constructor(private readonly client: pg.Client) {}

  static async open(connectionString: string): Promise<Witnessed> {
    const client = new pg.Client({ connectionString });
    client.on('error', () => undefined);
    await client.connect();
    return new Witnessed(client);
  }

  async rows<Row extends object>(text: string): Promise<Row[]> {
    return (await this.client.query(text)).rows as Row[];
  }

  async number(text: string): Promise<number> {
    const [row] = await this.rows<{ n: string }>(text);
    return Number(row?.n ?? 0);
  }

  stop(): Promise<void> {
    return this.client.end();
  }
}

/** Emails whose counters do not say what counting says, in one snapshot; each row a lie. */
export const WRONG_COUNTERS = `
with counted as (
  select email_id, status, count(*)::int as n from deliveries where counted group by email_id, status
),
told as (
  select c.email_id, s.status, sum(s.n)::int as n
  from email_counters c cross join lateral (values ('scheduled', c.scheduled), ('queued', c.queued), ('sending', c.sending), ('sent', c.sent),
    ('failed', c.failed), ('unknown', c.unknown), ('cancelled', c.cancelled), ('expired', c.expired), ('suppressed', c.suppressed)) s (status, n)
  group by c.email_id, s.status
)
select coalesce(counted.email_id, told.email_id) as email_id, coalesce(counted.status, told.status) as status, counted.n as counted, told.n as told
from counted full join told using (email_id, status)
where coalesce(counted.n, 0) <> coalesce(told.n, 0)`;
