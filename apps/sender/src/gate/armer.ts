import type { ProcessId } from '#domain';
import {
  arm,
  type ArmAsk,
  type Armed,
  chargeRates,
  type Database,
  GroupCommit,
  type ParkAsk,
  parkDeliveries,
  type RateAnswer,
  type RateAsk,
  type Refusal,
  whyRefused,
} from '#storage';
import type { Facts } from '#telemetry';

/** Connections that wait at their dot share one statement: the more wait, the cheaper each. */
const MAX_BATCH = 500;
/** One statement at a time keeps the batches big; two would halve them and gain nothing (measured). */
const WIDTH = 1;
const LINGER_MS = 3;

/** Asks the database for permission to write the final dot, for all connections of this process together. */
export class Armer {
  private readonly batches: GroupCommit<ArmAsk, Armed | undefined>;
  private readonly refusals: GroupCommit<Omit<ArmAsk, 'providerId'>, Refusal>;
  private readonly charges: GroupCommit<RateAsk, RateAnswer>;
  private readonly returns: GroupCommit<ParkAsk, boolean>;

  constructor(db: Database, sender: ProcessId, facts: Facts) {
    this.batches = new GroupCommit({ width: WIDTH, maxBatch: MAX_BATCH, lingerMs: LINGER_MS }, async (asks) => {
      const began = performance.now();
      const answers = await arm(db, asks, sender);
      facts.armBatch(asks.length, (performance.now() - began) / 1000);
      return answers;
    });
    this.refusals = new GroupCommit({ width: WIDTH, maxBatch: MAX_BATCH, lingerMs: LINGER_MS }, (asks) =>
      whyRefused(db, asks),
    );
    // Apart from the asks of the gate: whoever is under no rate waits for no limit.
    this.charges = new GroupCommit({ width: WIDTH, maxBatch: MAX_BATCH }, (asks) => chargeRates(db, asks));
    this.returns = new GroupCommit({ width: WIDTH, maxBatch: MAX_BATCH, lingerMs: LINGER_MS }, async (asks) => {
      const returned = await parkDeliveries(db, asks);
      return asks.map(({ id }) => returned.has(id));
    });
  }

  /** Whether the rates of a delivery let it go now. To be asked last, right before the gate. */
  charge(ask: RateAsk): Promise<RateAnswer> {
    return this.charges.add(ask);
  }

  /** Gives a delivery back until its turn may come; whether it still was ours. No attempt is counted. */
  returnUntil(ask: ParkAsk): Promise<boolean> {
    return this.returns.add(ask);
  }

  /** undefined: refused, nothing may be sent. Rejects when nobody knows whether it was granted: nothing may be sent, either. */
  ask(ask: ArmAsk): Promise<Armed | undefined> {
    return this.batches.add(ask);
  }

  /** What the gate had against a delivery that it refused. */
  why(ask: Omit<ArmAsk, 'providerId'>): Promise<Refusal> {
    return this.refusals.add(ask);
  }
}
