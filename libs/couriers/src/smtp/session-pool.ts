import type { Opening } from './open-session.js';
import type { Session } from './session.js';

/** Well under the idle limits of servers, which begin at about a minute. */
const IDLE_MS = 30_000;
/** Some servers close after a number of messages, and a fresh session may reach a less busy machine. */
const MAX_MESSAGES = 1_000;

export type Taken =
  | {
      readonly kind: 'open';
      readonly session: Session;
      readonly isReused: boolean;
      /** Whole milliseconds of connecting; 0 when reused. */
      readonly connectMs: number;
    }
  | Extract<Opening, { kind: 'failed' }>;

const FREE_PLACE = Symbol('free place');

/**
 * The sessions with one server: so many and no more. The one used last is taken first, so that those not needed grow
 * old and close; who finds none waits in line.
 */
export class SessionPool {
  /** Every open session with the timer that closes it when it was idle too long. */
  private readonly sessions = new Map<Session, NodeJS.Timeout>();
  private readonly idle: Session[] = [];
  private readonly waiting: ((next: Session | typeof FREE_PLACE) => void)[] = [];
  private opening = 0;
  private isStopped = false;

  constructor(
    private readonly maxOpen: number,
    private readonly openOne: () => Promise<Opening>,
  ) {}

  /** An open session, or why there is none. Whoever takes it gives it back, drops or replaces it. */
  async take(): Promise<Taken> {
    const next = this.takeIdle() ?? (this.claimPlace() || (await this.nextInLine()));
    if (next !== FREE_PLACE && next.isOpen) return { kind: 'open', session: next, isReused: true, connectMs: 0 };
    return next === FREE_PLACE ? this.openInPlace() : this.replace(next);
  }

  giveBack(session: Session): void {
    if (!session.isOpen) return this.drop(session);
    if (session.messages >= MAX_MESSAGES || this.isStopped) return void session.quit(); // its place is free when it is closed
    const first = this.waiting.shift();
    if (first) return first(session);
    this.idle.push(session);
    this.sessions.get(session)?.refresh();
  }

  /** Ends a session that is not to be used again. */
  drop(session: Session): void {
    if (!this.forget(session)) return;
    session.destroy();
    this.placeIsFree();
  }

  /** A fresh session in the place of a dead one, ahead of those who wait. */
  replace(dead: Session): Promise<Taken> {
    if (!this.forget(dead)) return this.take();
    dead.destroy();
    this.opening += 1;
    return this.openInPlace();
  }

  /** Closes what is idle now, and every other session when it is given back. May be called twice. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.idle.splice(0).map((session) => session.quit()));
  }

  private takeIdle(): Session | undefined {
    for (let session = this.idle.pop(); session; session = this.idle.pop()) {
      if (session.isOpen) return session;
      this.drop(session);
    }
    return undefined;
  }

  private claimPlace(): typeof FREE_PLACE | undefined {
    if (this.sessions.size + this.opening >= this.maxOpen) return undefined;
    this.opening += 1;
    return FREE_PLACE;
  }

  private nextInLine(): Promise<Session | typeof FREE_PLACE> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private async openInPlace(): Promise<Taken> {
    const began = performance.now();
    let opened: Opening | undefined;
    try {
      opened = await this.openOne();
    } finally {
      this.opening -= 1;
      if (opened?.kind === 'open') this.add(opened.session);
      else this.placeIsFree();
    }
    if (opened.kind === 'failed') return opened;
    return { ...opened, isReused: false, connectMs: Math.round(performance.now() - began) };
  }

  private add(session: Session): void {
    this.sessions.set(session, setTimeout(() => this.closeIdle(session), IDLE_MS).unref());
    session.onClosed(() => this.drop(session));
  }

  private closeIdle(session: Session): void {
    if (this.leaveIdle(session)) void session.quit();
  }

  private forget(session: Session): boolean {
    clearTimeout(this.sessions.get(session));
    this.leaveIdle(session);
    return this.sessions.delete(session);
  }

  private leaveIdle(session: Session): boolean {
    const index = this.idle.indexOf(session);
    if (index >= 0) this.idle.splice(index, 1);
    return index >= 0;
  }

  private placeIsFree(): void {
    const first = this.waiting.shift();
    if (!first) return;
    this.opening += 1;
    first(FREE_PLACE);
  }
}
