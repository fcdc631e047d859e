import type { Outcome } from '#domain';
import type { Gate, OutgoingMessage } from '../courier.js';
import { GatedBody } from './gated-body.js';
import type { Session } from './session.js';
import type { SmtpTimeouts } from './smtp-settings.js';
import { type Conceal, type SmtpError, verdictAfterDot, verdictBeforeDot, wordsOf } from './verdict.js';

/** How one transaction ended, and what is left of its session. */
export interface EndedTransaction {
  readonly outcome: Outcome;
  /** Whether the session may carry another message: at once, after a RSET, or never. */
  readonly session: 'clean' | 'half_way' | 'spoiled';
  /** The server had said nothing when the connection was gone: it had closed it before we began. */
  readonly wasStale: boolean;
  readonly times: TransactionTimes;
}

/** Whole milliseconds; null for what was not reached. */
export interface TransactionTimes {
  /** From MAIL until the whole body but the dot was handed over. */
  envelopeMs: number | null;
  armMs: number | null;
  replyMs: number | null;
}

export interface TransactionSettings {
  readonly timeouts: SmtpTimeouts;
  readonly conceal: Conceal;
  /** How to end each transaction that is under way. */
  readonly inHand: Set<(which: 'unarmed' | 'all') => void>;
}

/**
 * MAIL, RCPT, DATA and the whole body; then the gate; then, if it lets us, the dot and its reply (reliability 2.3).
 * Rejects only when the gate throws, which is a bug; then nothing was sent.
 */
export function runTransaction(
  session: Session,
  message: OutgoingMessage,
  gate: Gate,
  settings: TransactionSettings,
): Promise<EndedTransaction> {
  return new Promise((resolve, reject) => {
    new Transaction(session, message, gate, settings, resolve, reject).begin();
  });
}

type Step = 'envelope' | 'before_dot' | 'arming' | 'dot_released' | 'settled';

class Transaction {
  private step: Step = 'envelope';
  /** Why the dot cannot be written any more, learnt while the gate was asked. */
  private lost: string | undefined;
  private stampedAt = performance.now();
  private readonly times: TransactionTimes = { envelopeMs: null, armMs: null, replyMs: null };
  /** nodemailer may never call back once a connection is closed or destroyed: the clock always does. */
  private timer: NodeJS.Timeout;
  private readonly body: GatedBody;

  constructor(
    private readonly session: Session,
    private readonly message: OutgoingMessage,
    private readonly gate: Gate,
    private readonly settings: TransactionSettings,
    private readonly resolve: (ended: EndedTransaction) => void,
    private readonly reject: (bug: unknown) => void,
  ) {
    this.body = new GatedBody(message.content, {
      wanted: () => this.bodyWanted(),
      progress: () => this.timer.refresh(),
      // A turn later: a reply that came together with the 354 is still unread in nodemailer, and must be seen first.
      handedOver: () => session.whenDrained(() => void setImmediate(() => void this.askGate())),
    });
    this.timer = this.startTimer(settings.timeouts.commandMs);
  }

  begin(): void {
    this.settings.inHand.add(this.abandon);
    this.session.whenInterrupted = () => this.ended(CLOSED, undefined);
    this.session.send(this.message, this.body, (error, response) => this.ended(error, response));
  }

  /** nodemailer takes any 2yz for the 354 we asked for; such a server would take our body for commands. */
  private bodyWanted(): boolean {
    if (this.step !== 'envelope') return false;
    const { lastReply } = this.session;
    if (/^3\d\d/.test(lastReply)) {
      this.step = 'before_dot';
      return true;
    }
    this.settle(verdictBeforeDot('envelope', null, lastReply, this.settings.conceal), 'spoiled');
    return false;
  }

  private async askGate(): Promise<void> {
    if (this.step !== 'before_dot') return;
    this.step = 'arming';
    this.session.conversation.client(`(the message, ${this.message.content.length} bytes)`);
    this.times.envelopeMs = this.stamp();
    try {
      const answer = await this.gate.arm();
      if (this.isSettled()) return; // too late: the timer has withheld it
      this.times.armMs = this.stamp();
      if (answer === 'armed') return this.release();
      if (answer === 'refused') return this.settle({ kind: 'refused' }, 'spoiled');
      this.withhold('the permission to send came too late to be used');
    } catch (bug) {
      if (this.isSettled()) return;
      this.finish();
      this.session.destroy();
      this.reject(bug);
    }
  }

  /** From here on the message may be accepted, and only a reply can tell. */
  private release(): void {
    if (this.lost !== undefined) return this.withhold(this.lost);
    if (!this.session.isOpen) return this.withhold('the connection was closed while the gate was asked');
    this.step = 'dot_released';
    this.session.conversation.client('.');
    clearTimeout(this.timer);
    this.timer = this.startTimer(this.settings.timeouts.replyMs);
    this.body.release();
  }

  /** nodemailer's end of it, which says nothing about the dot: only our own step does. */
  private ended(error: SmtpError | null, response: string | undefined): void {
    const { conceal } = this.settings;
    switch (this.step) {
      case 'settled':
        return;
      case 'arming':
        // Armed or refused, that is the question now, and the gate has the answer.
        this.lost ??= error ? wordsOf(error, conceal) : conceal(`the server answered before the end: ${response}`);
        return this.session.destroy();
      case 'dot_released': {
        const outcome = verdictAfterDot(error, response, conceal);
        if (outcome.kind !== 'unknown') this.times.replyMs = this.stamp();
        return this.settle(outcome, isWhole(outcome) ? 'clean' : 'spoiled');
      }
      case 'envelope': {
        const outcome = verdictBeforeDot(this.step, error, response, conceal);
        if (isWhole(outcome)) return this.settle(outcome, 'half_way');
        // Nothing was answered and the connection is gone: the server had closed it before we began.
        const wasStale = outcome.kind === 'temporary' && this.session.lastReply === '';
        return this.settle(outcome, 'spoiled', wasStale);
      }
      case 'before_dot':
        return this.settle(verdictBeforeDot(this.step, error, response, conceal), 'spoiled');
    }
  }

  private timedOut(afterMs: number): void {
    const error = `the server was silent for ${afterMs} ms`;
    switch (this.step) {
      case 'settled':
        return;
      case 'arming':
        return this.withhold('the gate did not answer');
      case 'dot_released':
        return this.settle({ kind: 'unknown', phase: 'dot_released', error }, 'spoiled');
      case 'envelope':
      case 'before_dot':
        return this.settle({ kind: 'temporary', phase: this.step, reply: null, error }, 'spoiled');
    }
  }

  /** This process must end, whatever the server does. */
  private readonly abandon = (which: 'unarmed' | 'all'): void => {
    switch (this.step) {
      case 'settled':
        return;
      case 'arming': // it may be armed at this moment: its gate tells
        this.lost ??= 'the sender is stopping';
        return;
      case 'envelope':
      case 'before_dot':
        return this.withhold('the sender is stopping');
      case 'dot_released':
        if (which === 'all') this.settle({ kind: 'unknown', phase: 'dot_released', error: SHUTDOWN }, 'spoiled');
    }
  };

  private withhold(error: string): void {
    this.settle({ kind: 'withheld', error: `${error}; the dot was not written` }, 'spoiled');
  }

  private settle(outcome: Outcome, session: EndedTransaction['session'], wasStale = false): void {
    this.finish();
    if (session === 'spoiled') this.session.destroy();
    this.resolve({ outcome, session, wasStale, times: this.times });
  }

  private finish(): void {
    this.settings.inHand.delete(this.abandon);
    this.step = 'settled';
    clearTimeout(this.timer);
    this.session.whenInterrupted = () => undefined;
  }

  private isSettled(): boolean {
    return this.step === 'settled';
  }

  private startTimer(afterMs: number): NodeJS.Timeout {
    return setTimeout(() => this.timedOut(afterMs), afterMs);
  }

  private stamp(): number {
    const now = performance.now();
    const tookMs = Math.round(now - this.stampedAt);
    this.stampedAt = now;
    return tookMs;
  }
}

const SHUTDOWN = 'shutdown: the sender had to stop before the reply came';

const CLOSED: SmtpError = Object.assign(new Error('the connection was closed'), {
  code: 'ECONNECTION',
  command: 'CONN',
});

/** Whether the server answered in full and means to go on: 421 says that it closes (RFC 5321 4.2). */
function isWhole(outcome: Outcome): boolean {
  return 'reply' in outcome && outcome.reply !== null && outcome.reply.code !== 421;
}
