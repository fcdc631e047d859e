import { clearInterval, setInterval } from 'node:timers';

/** Where progress is shown: a terminal gets a live line, everything else plain lines. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write: (text: string) => unknown;
}

const REDRAW_MS = 200;
const REMIND_MS = 10_000;

interface Wait {
  readonly since: number;
  /** What it does at the moment, when that is known. */
  readonly step?: string;
}

/** Tells the person who waits what is being waited for, and for how long. */
export class Progress {
  private readonly waiting = new Map<string, Wait>();
  private readonly live: boolean;
  private timer: NodeJS.Timeout | undefined;
  private lastReminderAt = 0;

  constructor(
    private readonly screen: Screen,
    /** Milliseconds on a clock that never goes back. */
    private readonly now: () => number,
    private readonly began = now(),
  ) {
    this.live = screen.isTTY === true;
  }

  start(): void {
    this.lastReminderAt = this.now();
    this.timer ??= setInterval(() => (this.live ? this.draw() : this.remind()), REDRAW_MS);
  }

  /** Milliseconds since the beginning. */
  get elapsedMs(): number {
    return this.now() - this.began;
  }

  begin(what: string): void {
    this.waiting.set(what, { since: this.now() });
    if (!this.live) this.tell(`${what} …`);
  }

  /** It takes longer because of this. */
  step(what: string, step: string): void {
    this.waiting.set(what, { since: this.waiting.get(what)?.since ?? this.now(), step });
    this.tell(`${what}: ${step}`);
  }

  /** `how` says more than "ready": where it is, what was done. */
  end(what: string, how: string): void {
    this.waiting.delete(what);
    this.tell(`${what}: ${how}`);
  }

  /** A line that stays, with the time. */
  tell(line: string): void {
    this.say(`${seconds(this.elapsedMs)}  ${line}`);
  }

  /** A line that stays, as it is. */
  say(line: string): void {
    if (this.live) this.screen.write('\r\x1b[K');
    this.screen.write(`${line}\n`);
    if (this.timer && this.live) this.draw();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.waiting.clear();
    if (this.live) this.screen.write('\r\x1b[K');
  }

  private draw(): void {
    if (this.waiting.size === 0) return;
    this.screen.write(`\r\x1b[K${this.waitingLine().slice(0, (this.screen.columns ?? 80) - 1)}`);
  }

  private remind(): void {
    if (this.waiting.size === 0 || this.now() - this.lastReminderAt < REMIND_MS) return;
    this.lastReminderAt = this.now();
    this.say(this.waitingLine());
  }

  private waitingLine(): string {
    const parts = [...this.waiting].map(
      ([what, { since, step }]) =>
        `${what} ${seconds(this.now() - since).trim()}${step === undefined ? '' : ` (${step})`}`,
    );
    return `${seconds(this.elapsedMs)}  waiting for ${parts.join(', ')}`;
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`.padStart(7);
