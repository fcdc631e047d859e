import {
  formatScope,
  type LimitedCopy,
  type LineTurn,
  lineTurn,
  type LineWait,
  LOOK_MS,
  missedOf,
  nextOpening,
  pacedAfter,
  paceMs,
  parseAddress,
  PROVIDERS,
  RECIPIENT,
  type SendWindows,
  type Shared,
  type WaitingLine,
} from '#domain';
import type { DeferredCopy, HeldLine, LineHead, LineNote, TakenCopy } from '#storage';
import type { Deferrals } from './deferrals.js';
import type { LineLimits } from './line-limits.js';

/** Where nothing is found for long, nothing is looked for soon; between these: a call that came while the line was held is lost. */
const DRY_MS = { least: 1_000, most: 60_000 } as const;
/** Windows and time zones of the settings may have changed while it was looked. */
const LONGEST_MS = 3_600_000;
/** A limit may give sooner than it says: grants that end unarmed come back. */
const REFUND_MS = { least: 5_000, most: 60_000 } as const;
const FRESH_MS = 60_000;
/** A line that is ready is looked at sooner than this, or we are behind. */
const UNATTENDED_MS = 10_000;
/** A line is paused with its email, so these are few: caught in the middle of it. Of what has expired a duty makes an end. */
const CLOSED_MS = { paused: 2_000, expired: 10_000, cancelled: 3_600_000 } as const;

/** A line in the hands of a claim: what it may take, what it got, and how it is left. */
export class WaitingInLine {
  taken: TakenCopy[] = [];
  deferred: DeferredCopy[] = [];
  /** Too late to be sent, because nobody looked. */
  missed: readonly LineHead[] = [];
  heads: LimitedCopy[] = [];
  private copies: readonly LineHead[] = [];
  private share: number;
  private pacedMs: number | null;
  private isFull = false;
  private turn: LineTurn | undefined;
  private readonly everyMs: number;
  private readonly everyWindow: SendWindows;

  constructor(
    private readonly held: HeldLine,
    private readonly limits: LineLimits,
    private readonly nowMs: number,
  ) {
    this.share = held.share;
    this.pacedMs = held.paced_ms;
    this.everyWindow = ofLine(held.windows);
    this.everyMs = paceMs({ hourlyLimit: held.hourly_limit, spread: held.spread });
  }

  get name(): string {
    return this.held.line;
  }

  /** A copy of it, as far as all are alike. */
  get sample(): LimitedCopy {
    const { from_mailbox: sender, email_id: id } = this.held;
    return { ...this.common, emailId: id ?? NO_EMAIL, sender: bare(sender ?? ''), address: '', recipientKey: '' };
  }

  /** How many it may take now. To be asked when the use of its limits was read. */
  most(): number {
    this.turn = lineTurn(this.state, this.nowMs);
    if (this.held.closed !== null) return 0;
    return this.isUnattended ? Infinity : this.turn.count;
  }

  /** @param most how many were asked for */
  peeked(found: readonly LineHead[], most: number): void {
    this.isFull = found.length === most;
    if (this.isUnattended) this.miss(found);
    if (this.missed.length > 0) return; // what is behind them is looked at next
    const copies = found.slice(0, this.turn?.count);
    for (const copy of copies) {
      const opening = nextOpening(this.nowMs, [this.windowsOf(copy)], copy.time_zone ?? this.held.time_zone);
      if (opening !== null && opening > this.nowMs) this.deferred.push({ copy, untilMs: opening, reason: 'window' });
    }
    const shut = new Set(this.deferred.map(({ copy }) => copy));
    this.copies = copies.filter((copy) => !shut.has(copy));
    this.heads = this.copies.map((copy) => this.limited(copy));
  }

  wish(): WaitingLine<LineHead> {
    const { weight, share } = this.held;
    const copies = this.copies.map((copy, i) => ({
      copy,
      pots: this.limits.potsOf(this.heads[i] ?? this.limited(copy)),
    }));
    return { weight, share, most: copies.length, isMixed: this.isMixed, copies };
  }

  got(shared: Shared<LineHead> | undefined, deferrals: Deferrals): void {
    if (!shared || this.copies.length === 0) return;
    this.share = shared.share;
    this.taken = shared.taken.map(({ copy, pots }) => ({ copy, charged: pots.map(({ limitId }) => limitId) }));
    for (const { pots } of shared.taken) this.limits.taken(pots);
    for (const { copy, pot } of shared.passed) {
      const untilMs = deferrals.next(pot.limitId, this.limits.freesAt(pot));
      this.deferred.push({ copy, untilMs, reason: 'limit' });
    }
    if (this.taken.length > 0 && this.turn) this.pacedMs = pacedAfter(this.turn.slots, this.everyMs, this.taken.length);
  }

  /** How it is left. To be asked when all lines have got what they get. */
  note(): LineNote {
    const left = { line: this.name, pacedMs: this.pacedMs, share: this.share };
    const idleMs = this.nowMs - (this.pacedMs ?? this.nowMs);
    if (this.held.closed !== null)
      return { ...left, nextMs: this.nowMs + CLOSED_MS[this.held.closed], waitsFor: null, isDry: false };
    if (this.missed.length > 0) return { ...left, nextMs: this.held.next_ms, waitsFor: null, isDry: false };
    const { waits, nextMs } = lineTurn(this.state, this.nowMs);
    const looked = this.nowMs + (this.isFull ? 0 : LOOK_MS);
    if (waits.length === 0) {
      const isDry = !this.isFull && this.mayTake;
      const dryMs = this.nowMs + within(idleMs / 4, DRY_MS);
      return { ...left, nextMs: isDry ? dryMs : looked, waitsFor: null, isDry };
    }
    const isLimited = waits.some(({ reason }) => reason === 'limit');
    const soonest = this.nowMs + (isLimited ? within(idleMs / 4, REFUND_MS) : LONGEST_MS);
    return { ...left, nextMs: Math.max(Math.min(nextMs, soonest), looked), waitsFor: waits.map(shown), isDry: false };
  }

  private miss(found: readonly LineHead[]): void {
    const { next_ms: readyMs, paced_ms: pacedMs, delay_seconds: delaySeconds, hourly_limit: hourlyLimit } = this.held;
    const copies = found.map(({ due_ms: dueMs, grace_seconds: graceSeconds }) => ({ dueMs, graceSeconds }));
    const line = { readyMs, pacedMs, pacing: { delaySeconds, hourlyLimit } };
    const { count, lastMs } = missedOf(line, copies, this.nowMs);
    if (count === 0) return;
    this.missed = found.slice(0, count);
    this.pacedMs = lastMs;
  }

  /** Nobody looked for long at a line that nothing but its own pace held back. Else it cannot be told what time we lost. */
  private get isUnattended(): boolean {
    const { is_waiting: isWaiting, next_ms: nextMs, windows, tenant_windows: tenantWindows } = this.held;
    return (
      !isWaiting &&
      this.nowMs - nextMs > UNATTENDED_MS &&
      !this.isMixed &&
      windows.length + tenantWindows.length === 0 &&
      this.limits.areOfPacing
    );
  }

  /** Whether it was looked what is due. */
  private get mayTake(): boolean {
    return this.turn !== undefined && this.turn.count > 0;
  }

  /**
   * Windows that are not the same for the whole line. A single email that has just become due was wished for now, whatever
   * its windows say; after a while under limits they hold again.
   */
  private windowsOf({ windows, due_ms: dueMs }: LineHead): SendWindows {
    if (this.isMixed) return dueMs < this.nowMs - FRESH_MS ? windows : ALWAYS;
    return this.everyWindow === ALWAYS ? this.held.windows : ALWAYS;
  }

  private get isMixed(): boolean {
    return this.held.email_id === null;
  }

  private get common() {
    return { mode: this.held.mode, providerId: PROVIDERS[this.held.mode] };
  }

  private get state() {
    const windows = this.isMixed ? [] : [this.held.tenant_windows, this.everyWindow];
    return {
      everyMs: this.everyMs,
      pacedMs: this.pacedMs,
      nextOpening: (ms: number) => nextOpening(ms, windows, this.held.time_zone) ?? ms,
      gauges: this.limits.gaugesOf(this.sample, this.isMixed),
    };
  }

  private limited({
    email_id: emailId,
    from_mailbox: mailbox,
    address,
    recipient_key: recipientKey,
  }: LineHead): LimitedCopy {
    return { ...this.common, emailId, sender: bare(mailbox), address, recipientKey };
  }
}

const NO_EMAIL = '' as LimitedCopy['emailId'];

/** Windows of the recipients' own zones are looked at for each copy. */
const ofLine = (windows: SendWindows): SendWindows =>
  windows.some(({ timeZone }) => timeZone === RECIPIENT) ? ALWAYS : windows;
const ALWAYS: SendWindows = [];

/** As explanations show it: `lines.waits_for`. */
const shown = ({ scope, untilMs, ...wait }: LineWait) => ({
  ...wait,
  scope: scope === null ? null : formatScope(scope),
  until: new Date(untilMs).toISOString(),
});

const within = (ms: number, { least, most }: { readonly least: number; readonly most: number }): number =>
  Math.min(most, Math.max(least, ms));

const known = new Map<string, string>();

/** The address in a mailbox. A campaign has one for all its copies. */
function bare(mailbox: string): string {
  const found = known.get(mailbox);
  if (found !== undefined) return found;
  const parsed = parseAddress(mailbox);
  const address = parsed.kind === 'ok' ? parsed.mailbox.address : mailbox;
  if (known.size >= 1_000) known.clear();
  known.set(mailbox, address);
  return address;
}
