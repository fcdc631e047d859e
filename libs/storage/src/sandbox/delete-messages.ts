import type { TenantId } from '#domain';
import type { Transactional } from '../database.js';
import { sqlFile } from '../sql-file.js';
import { filterValues, isWholeInbox, type SandboxFilter } from './message-filter.js';

const messagesStatement = sqlFile('./delete-messages.sql', import.meta.url);
const refusalsStatement = sqlFile('./delete-refusals.sql', import.meta.url);

/** Deletes what the filter names; how many messages that were. A whole inbox takes its statistics along. */
export function deleteMessages(db: Transactional, tenantId: TenantId, filter: SandboxFilter): Promise<number> {
  return db.transaction(async (tx) => {
    const { rowCount } = await tx.query({ ...messagesStatement, values: filterValues(tenantId, filter) });
    if (isWholeInbox(filter)) await tx.query({ ...refusalsStatement, values: [tenantId] });
    return rowCount ?? 0;
  });
}
