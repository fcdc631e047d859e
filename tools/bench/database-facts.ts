import pg from 'pg';

/** What the bench asks Postgres, through one session of its own: a pool would change it, and with it whose cost is whose. */
export class DatabaseFacts {
  private readonly session: pg.Client;

  constructor(url: string) {
    this.session = new pg.Client({ connectionString: url, application_name: 'mailtide bench', keepAlive: true });
  }

  /** Connects; the process of the session. */
  async start(): Promise<number> {
    await this.session.connect();
    const row = await this.row<{ pid: number }>('bench own session', 'select pg_backend_pid() as pid');
    return row.pid;
  }

  async stop(): Promise<void> {
    await this.session.end();
  }

  /** Deliveries by status. */
  async statuses(): Promise<Readonly<Record<string, number>>> {
    const { rows } = await this.session.query<{ status: string; count: number }>({
      name: 'bench statuses',
      text: 'select status, count(*)::int as count from deliveries group by status',
      values: [],
    });
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  /** Whether every event that was stored has been acknowledged by Kafka: the relay moves its cursor after that. */
  async isRelayed(): Promise<boolean> {
    const row = await this.row<{ relayed: boolean }>('bench relayed', RELAYED);
    return row.relayed;
  }

  /** Where the log of the whole server is, in bytes. */
  async walBytes(): Promise<number> {
    const row = await this.row<{ bytes: number }>(
      'bench wal',
      `select (pg_current_wal_lsn() - '0/0'::pg_lsn)::float8 as bytes`,
    );
    return row.bytes;
  }

  /** Transactions of this database; its sessions tell up to a second late. */
  async commits(): Promise<number> {
    const row = await this.row<{ commits: number }>(
      'bench commits',
      'select xact_commit::float8 as commits from pg_stat_database where datname = current_database()',
    );
    return row.commits;
  }

  private async row<Row extends object>(name: string, text: string): Promise<Row> {
    const { rows } = await this.session.query<Row>({ name, text, values: [] });
    const [row] = rows;
    if (!row) throw new Error(`${name}: no answer`);
    return row;
  }
}

const RELAYED = `select not exists (select from outbox o where o.xid >= c.to_xid)
    and not exists (select from outbox o where o.xid >= c.from_xid and o.xid < c.to_xid and o.id > c.last_id) as relayed
  from relay_cursor c where c.name = 'outbox'`;
