/** What a role may do with a table: `select, insert`. */
type Rights = string;

export interface Isolation {
  readonly table: string;
  /** Of `mt_api`, on the rows of the tenants that its transaction names. */
  readonly api?: Rights | undefined;
  /** Of `mt_worker`, on all rows. */
  readonly worker?: Rights | undefined;
  /** The column that says whose a row is. */
  readonly column?: string;
}

/** Asked once per statement: as a plain expression it would be read anew for every row. */
const ITS_TENANTS = `(select nullif(current_setting('app.tenants', true), '')::uuid[])::uuid[]`;

/**
 * The statement that isolates a table's tenants (decision 10). Every table with a tenant_id needs it, in the migration
 * that makes it: without it neither role may touch the table, and a spec fails.
 */
export function isolate({ table, api, worker, column = 'tenant_id' }: Isolation): string {
  const own = `${column} = any (${ITS_TENANTS})`;
  return `
alter table ${table} enable row level security, force row level security;
create policy owner on ${table} to current_user using (true) with check (true);
create policy api on ${table} to mt_api using (${own}) with check (${own});
create policy worker on ${table} to mt_worker using (true) with check (true);
${grant({ table, api, worker })}`;
}

/** The statement that gives the roles their rights to a table that belongs to no tenant. */
export const grant = ({ table, api, worker }: Pick<Isolation, 'table' | 'api' | 'worker'>): string =>
  [
    api !== undefined && `grant ${api} on ${table} to mt_api;`,
    worker !== undefined && `grant ${worker} on ${table} to mt_worker;`,
  ]
    .filter((line) => line !== false)
    .join('\n');
