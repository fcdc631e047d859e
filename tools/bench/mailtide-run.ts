import { setTimeout as pause } from 'node:timers/promises';
import { emailStatusTopic } from '#events';
import { type BatchSizes, meanSizes, readHistograms } from './batch-sizes.js';
import type { BenchMailtide } from './bench-mailtide.js';
import { CpuMeter, type Measured } from './cpu-meter.js';
import { createEmails } from './create-emails.js';
import { DatabaseFacts } from './database-facts.js';
import type { HttpLoadResult } from './http-load.js';
import { type Spread, spreadOf } from './percentile.js';
import { memoryMibOf } from './process-table.js';
import { brokerProcess, postgresProcesses } from './server-processes.js';
import type { SideProcess } from './side-process.js';
import type { Arrivals } from './smtp-sink.js';
import { until } from './until.js';
import { wallMs } from './wall-clock.js';

const WARM_UP = 1_000;
/** Between the last email created and the due instant, at least. */
const SPARE_MS = 6_000;
/** Claims look a second ahead; what they cost belongs to the part that is measured. */
const AHEAD_MS = 1_500;
/** Sessions tell Postgres' statistics what they did up to a second late. */
const STATISTICS_MS = 1_200;
const IDLE_MS = 4_000;

export interface MailtideRun {
  readonly create: HttpLoadResult;
  /** From the due instant until the last status was durable and its event in Kafka. */
  readonly seconds: number;
  /** Milliseconds after the due instant. */
  readonly handedOver: Spread;
  readonly accepted: Spread;
  /** Microseconds of CPU an email, by process. */
  readonly creatingUs: Readonly<Record<string, number>>;
  readonly sendingUs: Readonly<Record<string, number>>;
  /** Percent of a core when there is nothing to do. */
  readonly idlePercent: Readonly<Record<string, number>>;
  /** MiB at the end. */
  readonly memory: Readonly<Record<string, number | undefined>>;
  readonly walBytesPerEmail: number;
  readonly commitsPerThousand: number;
  readonly batches: BatchSizes;
  /** Why the run does not count; empty when it does. */
  readonly void: readonly string[];
}

export interface MailtideRunOptions {
  readonly mailtide: BenchMailtide;
  readonly brokers: string;
  readonly sink: SideProcess;
  readonly count: number;
  readonly say: (line: string) => void;
}

/** One run: warm up, create, wait for the due instant, and watch from outside until everything is done. */
export async function runMailtide(options: MailtideRunOptions): Promise<MailtideRun> {
  const facts = new DatabaseFacts(options.mailtide.stores.databaseUrl);
  const run = new Run(options, facts, await facts.start());
  try {
    return await Promise.race([run.go(), options.mailtide.apps.death]);
  } finally {
    await facts.stop();
  }
}

class Run {
  private readonly measured: Measured;

  constructor(
    private readonly options: MailtideRunOptions,
    private readonly facts: DatabaseFacts,
    ownSession: number,
  ) {
    this.measured = this.whoIsMeasured(ownSession);
  }

  async go(): Promise<MailtideRun> {
    const { mailtide, sink, count, say } = this.options;
    say(`warming up with ${WARM_UP} emails`);
    await this.create(WARM_UP / 2, new Date());
    const warm = await this.create(WARM_UP / 2, new Date());
    await this.allSent(WARM_UP);

    // With room to spare: a machine that others use is slower next moment.
    const createMs = (count / (WARM_UP / 2)) * warm.seconds * 1_000;
    const dueAt = new Date(Math.round(wallMs() + SPARE_MS + createMs * 1.5));
    say(`creating ${count} emails, due at ${dueAt.toISOString()}`);
    const { result: create, us: creatingUs } = await this.measure(() => this.create(count, dueAt));
    await this.allRelayed();
    const spareMs = dueAt.getTime() - AHEAD_MS - wallMs();
    if (spareMs < 0) throw new Error('creating took longer than expected: too late for the due instant, run it again');
    await pause(spareMs);

    await sink.ask('forget');
    mailtide.orders.forget();
    const [wal, commits, statusEvents, histograms] = await this.counters();
    say('waiting for the due instant');
    const { result: doneMs, us: sendingUs } = await this.measure(async () => {
      await pause(dueAt.getTime() - wallMs());
      await this.allSent(count, WARM_UP);
      return wallMs();
    });
    say('all sent; reading what was measured');
    const walAfter = await this.facts.walBytes();
    await pause(STATISTICS_MS);
    const [, commitsAfter, statusEventsAfter, histogramsAfter] = await this.counters();
    const arrivals = await sink.ask<Arrivals>('report');
    const { us: idleUs } = await this.measure(() => pause(IDLE_MS), IDLE_MS * 10);
    const late = (instants: readonly number[]) => spreadOf(instants.map((atMs) => atMs - dueAt.getTime()));
    const accepted = late(arrivals.acceptedAtMs);
    return {
      create,
      seconds: (doneMs - dueAt.getTime()) / 1_000,
      handedOver: late(mailtide.orders.handedOverAtMs()),
      accepted,
      creatingUs,
      sendingUs,
      idlePercent: idleUs,
      memory: this.memory(),
      walBytesPerEmail: (walAfter - wal) / count,
      commitsPerThousand: ((commitsAfter - commits) / count) * 1_000,
      batches: meanSizes(histograms, histogramsAfter),
      void: await this.whyVoid(arrivals, accepted, statusEventsAfter - statusEvents),
    };
  }

  private create(count: number, dueAt: Date): Promise<HttpLoadResult> {
    const { apiPort: port, key } = this.options.mailtide;
    return createEmails({ port, key, count, dueAt });
  }

  /** The sink is asked first: that costs the database nothing while it is busy. */
  private async allSent(count: number, before = 0): Promise<void> {
    const withinMs = 60_000 + count * 10;
    const { sink } = this.options;
    await until('all mail at the sink', withinMs, async () => (await sink.ask<number>('count')) >= count);
    await until('all statuses stored', withinMs, async () => {
      const { sent = 0 } = await this.facts.statuses();
      return sent >= count + before;
    });
    await this.allRelayed();
  }

  private allRelayed(): Promise<void> {
    return until('all events in Kafka', 60_000, () => this.facts.isRelayed());
  }

  /** Microseconds of CPU while something is done, divided by what they are for: emails, or what makes percent of them. */
  private async measure<T>(
    work: () => Promise<T>,
    divisor = this.options.count,
  ): Promise<{ result: T; us: Readonly<Record<string, number>> }> {
    const meter = new CpuMeter(this.measured);
    meter.start();
    const result = await work();
    const us = Object.entries(meter.stop()).map(([name, sum]) => [name, sum / divisor] as const);
    return { result, us: Object.fromEntries(us) };
  }

  private whoIsMeasured(ownSession: number): Measured {
    const { mailtide, brokers, sink } = this.options;
    const postgres = () => postgresProcesses(mailtide.stores.databaseName, ownSession);
    const broker = brokerProcess(brokers);
    const app = (name: 'scheduler' | 'poller' | 'sender' | 'gateway') => () => [mailtide.apps.pidOf(name)];
    return {
      scheduler: app('scheduler'),
      poller: app('poller'),
      sender: app('sender'),
      gateway: app('gateway'),
      Postgres: () => postgres().sessions,
      'Postgres, shared': () => postgres().shared,
      Kafka: () => broker,
      sink: () => [sink.pid],
      bench: () => [process.pid],
    };
  }

  private memory(): Readonly<Record<string, number | undefined>> {
    const single = Object.entries(this.measured).filter(([name]) => !name.startsWith('Postgres'));
    return Object.fromEntries(single.map(([name, pids]) => [name, pids().map(memoryMibOf)[0]]));
  }

  private async counters() {
    const { kafka, prefix } = this.options.mailtide.stores.kafka;
    const admin = kafka.admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(prefix + emailStatusTopic.name);
    await admin.disconnect();
    const statusEvents = ends.reduce((sum, { high }) => sum + Number(high), 0);
    return [
      await this.facts.walBytes(),
      await this.facts.commits(),
      statusEvents,
      await readHistograms(this.options.mailtide.senderPort),
    ] as const;
  }

  private async whyVoid(arrivals: Arrivals, accepted: Spread, events: number): Promise<string[]> {
    const { count } = this.options;
    const { sent = 0, ...others } = await this.facts.statuses();
    return [
      arrivals.accepted === count ? '' : `the sink accepted ${arrivals.accepted} of ${count}`,
      arrivals.distinct === count ? '' : `${arrivals.distinct} different messages of ${count}`,
      sent === count + WARM_UP && Object.keys(others).length === 0
        ? ''
        : `rows: ${sent} sent of ${count + WARM_UP}, others ${JSON.stringify(others)}`,
      events >= count ? '' : `${events} events on the status topic for ${count} emails`,
      accepted.min >= 0 ? '' : `one was accepted ${-accepted.min} ms before it was due`,
    ].filter((why) => why !== '');
  }
}
