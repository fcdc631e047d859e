import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import { wallMs } from '../bench/wall-clock.js';
import type { LedgerEntry } from './evidence.js';

export interface WorkloadOptions {
  readonly apis: readonly string[];
  readonly key: string;
  readonly emails: number;
  /** The creates are spread over so long. */
  readonly seconds: number;
  readonly random: () => number;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const PATIENCE_MS = 300_000;
/** Longer each time and spread, as good callers wait: else those who wait keep a server down that comes back. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;
/** Calls under way at once. A caller without a limit makes an attack of an outage: thousands wait, and all ask again. */
const AT_ONCE = { create: 48, change: 48 } as const;
/** A process that was frozen while a request came takes it for one that did not arrive in time: `bad_request`. */
const ASK_AGAIN = ['idempotency_in_progress', 'bad_request'];

/** A caller that schedules, cancels and edits, repeats what got no answer, and writes down what it was told. */
export class Workload {
  readonly ledger: LedgerEntry[] = [];
  /** Milliseconds of every cancel that got a definite answer at once. */
  readonly cancelMs: number[] = [];
  private readonly turns = { create: pLimit(AT_ONCE.create), change: pLimit(AT_ONCE.change) };
  private next = 0;

  constructor(private readonly options: WorkloadOptions) {}

  async run(): Promise<void> {
    const { emails, seconds, random } = this.options;
    const begin = wallMs();
    const plans = Array.from({ length: emails }, (_, index) => plan(index, random, seconds));
    await Promise.all(
      plans.map(async (one, index) => {
        await pause(begin + (index / emails) * seconds * 1_000 - wallMs());
        this.ledger.push(await this.live(one));
      }),
    );
  }

  private async live({ index, delayMs, act, jitterMs }: Plan): Promise<LedgerEntry> {
    const recipient = `r${index}@chaos.test`;
    const subject = `mail ${index}`;
    const scheduledAt = delayMs === 0 ? undefined : new Date(Math.round(wallMs() + delayMs)).toISOString();
    const { answer } = await this.insist(
      'POST',
      '/v1/emails',
      // It may be past when a server is back that was away, and a repeat under one key must say the same.
      { to: recipient, subject, text: 'x', scheduledAt, allowPast: true },
      `k${index}`,
    );
    if (answer.status !== 202) throw new Error(`a create was refused: ${JSON.stringify(answer)}`);
    const email = answer.body as { id: string; scheduledAt: string; deliveries: { id: string }[] };
    const dueAtMs = Date.parse(email.scheduledAt);
    const entry = { emailId: email.id, deliveryId: email.deliveries[0]?.id ?? '', recipient, dueAtMs };
    await pause(Math.max(0, dueAtMs + jitterMs - wallMs()));
    if (act === 'cancel') return { ...entry, subjects: [subject], edit: null, cancel: await this.cancel(email.id) };
    if (act === 'edit') {
      const edited = `edited ${index}`;
      return { ...entry, subjects: [subject, edited], cancel: null, edit: await this.edit(email.id, edited) };
    }
    return { ...entry, subjects: [subject], cancel: null, edit: null };
  }

  private async cancel(id: string): Promise<LedgerEntry['cancel']> {
    const begin = performance.now();
    const { answer, tries } = await this.insist('POST', `/v1/emails/${id}/cancel`, undefined);
    if (tries === 1) this.cancelMs.push(performance.now() - begin);
    const isPartly = (answer.body['cancellation'] as { inFlight?: number; alreadySent?: number } | undefined) ?? {};
    const isWhole = answer.status === 200 && isPartly.inFlight === 0 && isPartly.alreadySent === 0;
    return { end: isWhole ? 'ok' : 'refused', status: answer.status, answeredAtMs: wallMs() };
  }

  private async edit(id: string, subject: string): Promise<LedgerEntry['edit']> {
    const { answer } = await this.insist('PATCH', `/v1/emails/${id}`, { subject });
    return { end: answer.status === 200 ? 'ok' : 'refused', subject, answeredAtMs: wallMs() };
  }

  /** Until somebody gives a definite answer. */
  private async insist(
    method: string,
    path: string,
    body: object | undefined,
    key?: string,
  ): Promise<{ answer: Answer; tries: number }> {
    const turns = key === undefined ? this.turns.change : this.turns.create;
    const deadline = performance.now() + PATIENCE_MS;
    for (let tries = 1; performance.now() < deadline; tries += 1) {
      const answer = await turns(() => this.call(method, path, body, key));
      if (answer && answer.status < 500 && !ASK_AGAIN.includes(String(answer.body['code']))) return { answer, tries };
      await pause(Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS) * (0.5 + this.options.random()));
    }
    throw new Error(`${method} ${path}: no answer within ${PATIENCE_MS / 1_000} s`);
  }

  private async call(
    method: string,
    path: string,
    body: object | undefined,
    key?: string,
  ): Promise<Answer | undefined> {
    const api = this.options.apis[this.next++ % this.options.apis.length] ?? '';
    try {
      const response = await fetch(`${api}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.options.key}`,
          ...(body && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(10_000),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    } catch {
      return undefined; // killed, frozen or restarting: nobody knows what it did
    }
  }
}

interface Plan {
  readonly index: number;
  readonly delayMs: number;
  readonly act: 'nothing' | 'cancel' | 'edit';
  /** When it is done, after the due instant. */
  readonly jitterMs: number;
}

/** Half are due at once, half within the time of the run; one in ten is cancelled and one in twenty edited, around its instant. */
function plan(index: number, random: () => number, seconds: number): Plan {
  const delayMs = random() < 0.5 ? 0 : Math.ceil(random() * seconds * 500);
  const dice = random();
  const act = dice < 0.1 ? 'cancel' : dice < 0.15 ? 'edit' : 'nothing';
  return { index, delayMs, act, jitterMs: (random() - 0.5) * 100 };
}
