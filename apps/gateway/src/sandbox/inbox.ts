import type { SandboxMessageId, TenantId } from '#domain';
import { type ListView, Problem, readCursor, writeCursor } from '#http';
import {
  type Database,
  listMessages,
  type PageOf,
  readMessages,
  type SandboxFilter,
  type SandboxMessageRow,
  type SandboxMessageWithRaw,
} from '#storage';
import { type EnvelopeView, envelopeView, type MessageView, messageView } from './message.view.js';
import { openMessage } from './open-message.js';

/** What a list of messages shows of each. */
export type Shown = 'envelope' | 'whole';

/** Bodies that are in memory at once while a list is made. */
const BODY_BYTES_AT_ONCE = 33_554_432;

/** Reads a tenant's inbox. */
export class Inbox {
  constructor(private readonly db: Database) {}

  async list(
    tenantId: TenantId,
    filter: SandboxFilter,
    page: { readonly limit: number; readonly after?: string | undefined; readonly before?: string | undefined },
    shown: Shown,
  ): Promise<ListView<EnvelopeView | MessageView>> {
    const { limit } = page;
    const after = page.after === undefined ? undefined : positionIn(page.after, filter);
    const before = page.before === undefined ? undefined : positionIn(page.before, filter);
    return this.view(
      tenantId,
      filter,
      await listMessages(this.db.of(tenantId), tenantId, filter, { limit, after, before }),
      shown,
    );
  }

  /** A page that was read already, as it is shown. */
  async view(
    tenantId: TenantId,
    filter: SandboxFilter,
    { rows, hasOlder, hasNewer }: PageOf<SandboxMessageRow>,
    shown: Shown,
  ): Promise<ListView<EnvelopeView | MessageView>> {
    const [first, last] = [rows.at(0), rows.at(-1)];
    return {
      object: 'list',
      data: shown === 'envelope' ? rows.map(envelopeView) : await this.wholeViews(tenantId, rows),
      hasMore: hasOlder,
      nextCursor: hasOlder && last ? writeCursor([last.id], fingerprintOf(filter)) : null,
      prevCursor: hasNewer && first ? writeCursor([first.id], fingerprintOf(filter)) : null,
    };
  }

  /** One message with its bytes; throws `not_found`. */
  async read(tenantId: TenantId, id: SandboxMessageId | undefined): Promise<SandboxMessageWithRaw> {
    const [message] = id ? await readMessages(this.db.of(tenantId), tenantId, [id]) : [];
    if (!message) throw new Problem('not_found', 'There is no such message in the inbox.');
    return message;
  }

  private async wholeViews(tenantId: TenantId, rows: readonly SandboxMessageRow[]): Promise<MessageView[]> {
    const views: MessageView[] = [];
    for (const slice of slicesBySize(rows)) {
      const messages = await readMessages(
        this.db.of(tenantId),
        tenantId,
        slice.map(({ id }) => id),
      );
      for (const message of messages) views.push(messageView(message, await openMessage(message.raw)));
    }
    return views;
  }
}

function positionIn(cursor: string, filter: SandboxFilter): SandboxMessageId {
  const [id = ''] = readCursor(cursor, fingerprintOf(filter));
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Problem('bad_cursor', 'The cursor is not readable. Use it as it came.');
  return id as SandboxMessageId;
}

const fingerprintOf = ({ to, from, subject, emailId, deliveryId, jobId, since }: SandboxFilter) => ({
  to,
  from,
  subject,
  emailId,
  deliveryId,
  jobId,
  since,
});

function slicesBySize(rows: readonly SandboxMessageRow[]): SandboxMessageRow[][] {
  const slices: SandboxMessageRow[][] = [];
  let bytes = Infinity;
  for (const row of rows) {
    bytes += row.size_bytes;
    if (bytes > BODY_BYTES_AT_ONCE) {
      slices.push([]);
      bytes = row.size_bytes;
    }
    slices.at(-1)?.push(row);
  }
  return slices;
}
