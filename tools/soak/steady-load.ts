import { setTimeout as pause } from 'node:timers/promises';
import { wallMs } from '../bench/wall-clock.js';

/** How far ahead an email is scheduled. */
const AHEAD_MS = 2_000;
const TICK_MS = 100;

/** Creates emails at a steady rate, each due a little later; tells what it knows of them. */
export class SteadyLoad {
  /** When each delivery is due, until it is asked for. */
  private readonly due = new Map<string, number>();
  created = 0;
  failed = 0;
  private stopped = false;

  constructor(
    private readonly api: string,
    private readonly key: string,
    private readonly rate: number,
  ) {}

  async run(): Promise<void> {
    const begin = wallMs();
    let begun = 0;
    while (!this.stopped) {
      const wanted = Math.floor(((wallMs() - begin) / 1_000) * this.rate);
      while (begun < wanted) {
        begun += 1;
        void this.create(begun);
      }
      await pause(TICK_MS);
    }
  }

  stop(): void {
    this.stopped = true;
  }

  /** When a delivery was due; it is forgotten with that. */
  dueAtMs(deliveryId: string): number | undefined {
    const at = this.due.get(deliveryId);
    this.due.delete(deliveryId);
    return at;
  }

  /** Created, and not arrived yet. */
  get open(): number {
    return this.due.size;
  }

  private async create(index: number): Promise<void> {
    const scheduledAt = new Date(Math.round(wallMs() + AHEAD_MS)).toISOString();
    const body = JSON.stringify({
      to: `r${index}@soak.test`,
      subject: `mail ${index}`,
      text: 'x'.repeat(2_000),
      scheduledAt,
    });
    try {
      const response = await fetch(`${this.api}/v1/emails`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
        body,
      });
      const email = (await response.json()) as { deliveries?: readonly { readonly id: string }[] };
      for (const { id } of email.deliveries ?? []) this.due.set(id, Date.parse(scheduledAt));
      if (response.status === 202) this.created += 1;
      else this.failed += 1;
    } catch {
      this.failed += 1;
    }
  }
}
