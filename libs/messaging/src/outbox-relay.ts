import { publicId } from '#domain';
import { cloudEventHeaders, traceparent } from '#events';
import {
  advanceCursor,
  nextWindow,
  type OutboxRow,
  type Queryable,
  readCursor,
  readWindow,
  rewindCursor,
  type RelayCursor,
} from '#storage';
import { acknowledgedNow, lossSeenBySend } from './kafka-loss.js';
import type { OutgoingRecord, Publisher } from './publisher.js';
import { POSITION_HEADER } from './received-event.js';

/** Rows of a page: about one request to Kafka. */
const PAGE_ROWS = 1_000;

/** What one pass did: rows published, and whether more wait. */
export interface RelayPass {
  readonly published: number;
  readonly more: boolean;
  /** What showed that brokers had lost records; then everything of the last day is published again. */
  readonly loss?: string;
}

/** What brokers may have lost without our noticing at once: longer, and a consumer would have missed it, too. */
export const REPUBLISHED_SECONDS = 86_400;

/**
 * Publishes the outbox: windows of transaction ids below the oldest open one, each in the order of ids. So a late commit
 * is never skipped and the events of one delivery keep their order (reliability 2.5). At least once: readers drop known ids.
 */
export class OutboxRelay {
  private cursor: RelayCursor | undefined;
  private windowIsDone = false;

  constructor(
    private readonly db: Queryable,
    private readonly publisher: Publisher,
  ) {}

  /** Publishes at most one page. Throws when the database or Kafka is away; the next pass goes on where this one was. */
  async pass(): Promise<RelayPass> {
    try {
      return await this.advance();
    } catch (error) {
      this.cursor = undefined; // whatever happened, the row knows where we are
      this.windowIsDone = false;
      throw error;
    }
  }

  private async advance(): Promise<RelayPass> {
    const cursor = (this.cursor ??= await readCursor(this.db));
    if (this.windowIsDone) return this.openNext(cursor);
    const rows = await readWindow(this.db, cursor, PAGE_ROWS);
    this.windowIsDone = rows.length < PAGE_ROWS;
    const last = rows.at(-1);
    if (last) {
      const sent = await this.publisher.publish(rows.map((row) => outgoingRecord(row, cursor)));
      const loss = lossSeenBySend(cursor.acknowledged, sent);
      if (loss !== null) return this.goBack(cursor, loss);
      this.cursor = await advanceCursor(this.db, cursor, last.id, acknowledgedNow(cursor.acknowledged, sent));
      if (!this.cursor) this.windowIsDone = false; // another relay moved it: its window may not be done
    }
    return { published: rows.length, more: true };
  }

  private async goBack(cursor: RelayCursor, loss: string): Promise<RelayPass> {
    await rewindCursor(this.db, cursor, { secondsAgo: REPUBLISHED_SECONDS, cluster: null });
    this.cursor = undefined;
    this.windowIsDone = false;
    return { published: 0, more: true, loss };
  }

  private async openNext(done: RelayCursor): Promise<RelayPass> {
    const next = await nextWindow(this.db, done);
    const isIdle = !next.opened && next.cursor.version === done.version;
    this.cursor = next.cursor;
    this.windowIsDone = isIdle; // else a window of ours, or of another relay that may need help
    return { published: 0, more: !isIdle };
  }
}

/** What an event is about; its key may be something wider. */
const subjectOf = ({ key, email_id, delivery_id }: OutboxRow): string =>
  delivery_id === null && email_id !== null ? publicId('email', email_id) : key;

/** The payload's text goes from the row into the record as it is. */
const outgoingRecord = (row: OutboxRow, window: RelayCursor): OutgoingRecord => ({
  topic: row.topic,
  key: row.key,
  value: row.data,
  headers: {
    ...cloudEventHeaders({
      id: publicId('event', row.event_id),
      type: row.type,
      version: row.event_version,
      source: row.source,
      subject: subjectOf(row),
      time: row.time,
      tenantId: row.tenant_id,
      mode: row.mode,
    }),
    traceparent: traceparent(row.event_id, row.traceparent),
    [POSITION_HEADER]: window.from_xid,
  },
});
