import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** What the apps tell about their work. Metrics are made of it here and nowhere else. */
export interface Facts {
  emailsCreated: (emails: number, deliveries: number) => void;
  deliveriesClaimed: (lane: string, deliveries: number) => void;
  ordersPublished: (lane: string, orders: number, deliveries: number) => void;
  eventsRelayed: (events: number) => void;
  claimsReclaimed: (deliveries: number) => void;
  deliveriesAmbiguous: (deliveries: number) => void;
  /** One attempt ended. `status` is where it took the delivery. */
  attemptEnded: (attempt: {
    readonly lane: string;
    readonly outcome: string;
    readonly status: string;
    readonly seconds: number;
    readonly lateSeconds: number;
  }) => void;
  armBatch: (asks: number, seconds: number) => void;
  settleBatch: (asks: number, seconds: number) => void;
  sandboxMessage: (verdict: 'accepted' | 'refused' | 'dropped') => void;
  eventsEmitted: (events: number) => void;
}

export interface Metrics {
  readonly registry: Registry;
  readonly facts: Facts;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const BATCH = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/** The instruments of one process, in a registry of its own. */
export function createMetrics(app: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `mailtide_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[], labelNames: string[] = []) =>
    new Histogram({ name: `mailtide_${name}`, help, buckets, labelNames, registers });

  const emails = counter('emails_created_total', 'Emails accepted');
  const deliveries = counter('deliveries_created_total', 'Deliveries accepted');
  const claimed = counter('deliveries_claimed_total', 'Deliveries claimed', ['lane']);
  const orders = counter('work_orders_published_total', 'Work orders acknowledged by Kafka', ['lane']);
  const ordered = counter('deliveries_published_total', 'Deliveries in work orders acknowledged by Kafka', ['lane']);
  const relayed = counter('events_relayed_total', 'Events published from the outbox');
  const reclaimed = counter('deliveries_reclaimed_total', 'Claims lost with their process and taken back');
  const ambiguous = counter(
    'deliveries_ambiguous_total',
    'Attempts whose end nobody could tell: the reply to the dot never came, or the sender died',
  );
  const attempts = counter('attempts_total', 'Attempts ended', ['lane', 'outcome', 'status']);
  const attemptSeconds = histogram('attempt_seconds', 'Duration of an attempt', SECONDS, ['lane']);
  const lateSeconds = histogram('delivery_lateness_seconds', 'First claim after its time', SECONDS, ['lane']);
  const armSize = histogram('arm_batch_deliveries', 'Deliveries armed by one statement', BATCH);
  const armSeconds = histogram('arm_seconds', 'Duration of an arm', SECONDS);
  const settleSize = histogram('settle_batch_deliveries', 'Deliveries settled by one statement', BATCH);
  const settleSeconds = histogram('settle_seconds', 'Duration of a settle', SECONDS);
  const sandbox = counter('sandbox_messages_total', 'Messages at the sandbox by verdict', ['verdict']);
  const emitted = counter('realtime_events_total', 'Events given to realtime clients');

  const facts: Facts = {
    emailsCreated: (emailCount, deliveryCount) => {
      emails.inc(emailCount);
      deliveries.inc(deliveryCount);
    },
    deliveriesClaimed: (lane, count) => claimed.inc({ lane }, count),
    ordersPublished: (lane, orderCount, deliveryCount) => {
      orders.inc({ lane }, orderCount);
      ordered.inc({ lane }, deliveryCount);
    },
    eventsRelayed: (count) => relayed.inc(count),
    claimsReclaimed: (count) => reclaimed.inc(count),
    deliveriesAmbiguous: (count) => ambiguous.inc(count),
    attemptEnded: ({ lane, outcome, status, seconds, lateSeconds: late }) => {
      attempts.inc({ lane, outcome, status });
      attemptSeconds.observe({ lane }, seconds);
      if (status === 'sent') lateSeconds.observe({ lane }, late);
    },
    armBatch: (asks, seconds) => {
      armSize.observe(asks);
      armSeconds.observe(seconds);
    },
    settleBatch: (asks, seconds) => {
      settleSize.observe(asks);
      settleSeconds.observe(seconds);
    },
    sandboxMessage: (verdict) => sandbox.inc({ verdict }),
    eventsEmitted: (count) => emitted.inc(count),
  };
  return { registry, facts };
}
