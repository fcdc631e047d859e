import type { TenantId } from '#domain';
import { type Bearer, Listener, type Wire } from '../status/listener.js';
import type { LiveEvent } from '../status/live-event.js';
import { say } from '../status/pace/events.js';
import type { Timers } from '../status/timers.js';

export const bearer: Bearer = {
  caller: { tenantId: 'a' as TenantId, tenant: 'a', mode: 'test', keyId: null, scopes: ['admin'] },
  key: undefined,
  topics: null,
};

/** A client that writes down what it is sent, and reads it or not. For specs. */
export class PaperClient {
  readonly sent: LiveEvent[] = [];
  /** Full after so many that were not read. */
  reads = true;
  isCut = false;
  readonly listener: Listener;
  private unread = 0;

  constructor(timers: Timers, watch: () => void, fullAt = 10) {
    const count = () => this.unread;
    const wire: Wire = {
      kind: 'socket',
      id: 'paper',
      get isFull() {
        return count() >= fullAt;
      },
      get isClear() {
        return count() === 0;
      },
      send: (event) => this.note(event),
      mirror: () => {},
      close: () => {},
      cut: () => (this.isCut = true),
      end: () => {},
    };
    this.listener = new Listener(bearer, wire, { timers, say, watch });
  }

  note(event: LiveEvent): void {
    this.sent.push(event);
    if (!this.reads) this.unread += 1;
  }

  readAll(): void {
    this.unread = 0;
  }

  get ids(): string[] {
    return this.sent.map(({ id, type }) => (type === 'events.skipped' ? 'skipped' : id));
  }
}
