import type { Attempt, Courier, Gate, OutgoingMessage } from '../courier.js';
import { concealing } from './conceal.js';
import { openSession } from './open-session.js';
import type { Session } from './session.js';
import { SessionPool } from './session-pool.js';
import { DEFAULT_TIMEOUTS, type SmtpSettings } from './smtp-settings.js';
import { type EndedTransaction, runTransaction, type TransactionSettings } from './transaction.js';

/** A courier for one SMTP server. Connects when there is something to send. */
export function createSmtpCourier(settings: SmtpSettings): Courier {
  const timeouts = { ...DEFAULT_TIMEOUTS, ...settings.timeouts };
  const conceal = concealing(settings.auth);
  const pool = new SessionPool(settings.maxConnections, () => openSession(settings, timeouts, conceal));
  return new SmtpCourier(pool, { timeouts, conceal, inHand: new Set() });
}

class SmtpCourier implements Courier {
  /** Nothing begins any more: who waited for a connection goes back. */
  private isEnding = false;

  constructor(
    private readonly pool: SessionPool,
    private readonly settings: TransactionSettings,
  ) {}

  async attempt(message: OutgoingMessage, gate: Gate): Promise<Attempt> {
    let taken = await this.pool.take();
    if (taken.kind === 'failed') return notConnected(taken);
    if (this.isEnding) {
      this.pool.giveBack(taken.session);
      return notConnected(STOPPING);
    }
    let ended = await this.transact(taken.session, message, gate);
    if (ended.wasStale && taken.isReused) {
      // The server had closed it while it was idle, and nothing was sent: that is no failure of this message.
      taken = await this.pool.replace(taken.session);
      if (taken.kind === 'failed') return notConnected(taken);
      ended = await this.transact(taken.session, message, gate);
    }
    const conversation = ended.outcome.kind === 'accepted' ? [] : taken.session.conversation.lines;
    this.putAway(taken.session, ended);
    return { outcome: ended.outcome, connectMs: taken.connectMs, ...ended.times, conversation };
  }

  abandon(which: 'unarmed' | 'all'): void {
    this.isEnding = true;
    for (const end of this.settings.inHand) end(which);
  }

  async stop(): Promise<void> {
    await this.pool.stop();
  }

  private async transact(session: Session, message: OutgoingMessage, gate: Gate): Promise<EndedTransaction> {
    try {
      return await runTransaction(session, message, gate, this.settings);
    } catch (bug) {
      this.pool.drop(session);
      throw bug;
    }
  }

  private putAway(session: Session, ended: EndedTransaction): void {
    if (ended.session === 'clean') return this.pool.giveBack(session);
    if (ended.session === 'spoiled') return this.pool.drop(session);
    session.reset(this.settings.timeouts.commandMs, (isClean) => {
      if (isClean) this.pool.giveBack(session);
      else this.pool.drop(session);
    });
  }
}

const STOPPING = {
  outcome: { kind: 'withheld', error: 'the sender is stopping; nothing was said' },
  conversation: [],
} as const;

const notConnected = ({ outcome, conversation }: Pick<Attempt, 'outcome' | 'conversation'>): Attempt => ({
  outcome,
  conversation,
  connectMs: null,
  envelopeMs: null,
  armMs: null,
  replyMs: null,
});
