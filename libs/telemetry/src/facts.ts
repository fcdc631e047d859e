import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the apps tell about their work. Metrics are made of it here and nowhere else. */
export interface Facts {
  emailsCreated: (emails: number, deliveries: number) => void;
  deliveriesClaimed: (lane: string, deliveries: number) => void;
  ordersPublished: (lane: string, orders: number, deliveries: number) => void;
  eventsRelayed: (events: number) => void;
  claimsReclaimed: (deliveries: number) => void;
  deliveriesAmbiguous: (deliveries: number) => void;
  /** Too late to be sent: ended, or held until a person decides. */
  deliveriesLapsed: (end: 'ended' | 'held', deliveries: number) => void;
  /** One attempt ended. `status` is where it took the delivery. */
  attemptEnded: (attempt: {
    readonly lane: string;
    readonly outcome: string;
    readonly status: string;
    readonly seconds: number;
    readonly lateSeconds: number;
  }) => void;
  /** A delivery was not sent because its recipient is suppressed. */
  deliveriesSuppressed: (deliveries: number) => void;
  /** A hard bounce put an address on the list. */
  recipientSuppressed: () => void;
  /** A server refused a message by its policy: our reputation, not the recipient. */
  policyBlocked: (domainGroup: string) => void;
  /** Given back until the provider is well again. */
  deliveriesParked: (deliveries: number) => void;
  providerBreaker: (provider: string, state: 'closed' | 'half_open' | 'open') => void;
  deadLetterAdded: (kind: 'delivery' | 'record', reason: string) => void;
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
/** Any other domain would be a label of its own for ever. */
const KNOWN_GROUPS = new Set(['gmail', 'yahoo', 'microsoft', 'icloud']);
/** At the usual 10 ms the watching itself wakes an idle process a hundred times a second, and is most of what it costs. */
const LOOP_PRECISION_MS = 100;
const BATCH = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/** The instruments of one process, in a registry of its own. */
export function createMetrics(app: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
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
  const lapsed = counter('deliveries_lapsed_total', 'Deliveries that became too late to be sent', ['end']);
  const attempts = counter('attempts_total', 'Attempts ended', ['lane', 'outcome', 'status']);
  const attemptSeconds = histogram('attempt_seconds', 'Duration of an attempt', SECONDS, ['lane']);
  const lateSeconds = histogram('delivery_lateness_seconds', 'First claim after its time', SECONDS, ['lane']);
  const suppressed = counter(
    'deliveries_suppressed_total',
    'Deliveries not sent because their recipient is suppressed',
  );
  const bounced = counter('recipients_suppressed_total', 'Addresses suppressed by a hard bounce');
  const policy = counter('policy_blocks_total', 'Messages refused by policy (5.7.x)', ['domain_group']);
  const parked = counter('deliveries_parked_total', 'Deliveries given back until their provider is well again');
  const deadLetters = counter('dead_letters_total', 'Deliveries and records put aside', ['kind', 'reason']);
  const breaker = new Gauge({
    name: 'mailtide_provider_breaker_open',
    help: 'Whether the provider is taken for down: 0 no, 0.5 a probe is under way, 1 yes',
    labelNames: ['provider'],
    registers,
  });
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
    deliveriesLapsed: (end, count) => lapsed.inc({ end }, count),
    attemptEnded: ({ lane, outcome, status, seconds, lateSeconds: late }) => {
      attempts.inc({ lane, outcome, status });
      attemptSeconds.observe({ lane }, seconds);
      if (status === 'sent') lateSeconds.observe({ lane }, late);
    },
    deliveriesSuppressed: (count) => suppressed.inc(count),
    recipientSuppressed: () => bounced.inc(),
    policyBlocked: (domainGroup) => policy.inc({ domain_group: KNOWN_GROUPS.has(domainGroup) ? domainGroup : 'other' }),
    deliveriesParked: (count) => parked.inc(count),
    providerBreaker: (provider, state) => breaker.set({ provider }, { closed: 0, half_open: 0.5, open: 1 }[state]),
    deadLetterAdded: (kind, reason) => deadLetters.inc({ kind, reason }),
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
