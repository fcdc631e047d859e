import { isOfLine, type LimitId, type LimitScope } from './scope.js';

/** What is left of a limit while it is shared out; it is counted down. */
export interface Pot {
  readonly limitId: LimitId;
  readonly scope: LimitScope;
  free: number;
}

/** Lines that want of the same limits. */
export interface WaitingLine<Copy> {
  /** Campaigns share by weight. */
  readonly weight: number;
  /** How much it had so far, by its weight: who had least is next. */
  readonly share: number;
  /** How many its own pacing lets go. */
  readonly most: number;
  /** Its copies are of many emails. */
  readonly isMixed: boolean;
  /** In their order. */
  readonly copies: readonly { readonly copy: Copy; readonly pots: readonly Pot[] }[];
}

export interface Shared<Copy> {
  readonly taken: readonly { readonly copy: Copy; readonly pots: readonly Pot[] }[];
  /** What had to let others pass, and the limit that held it back. */
  readonly passed: readonly { readonly copy: Copy; readonly pot: Pot }[];
  /** The limit that holds the whole line back. */
  readonly heldBy: Pot | undefined;
  readonly share: number;
}

/** Nobody saves up for later: a line is never further behind than this. */
const MOST_BEHIND = 1;

/** Gives what is left of limits to lines one by one, by weight; nothing is taken that any of its limits has not got. */
export function shareOut<Copy>(lines: readonly WaitingLine<Copy>[]): readonly Shared<Copy>[] {
  const most = Math.max(0, ...lines.map(({ share }) => share));
  const turns = lines.map((line) => new Turn(line, Math.max(line.share, most - MOST_BEHIND)));
  let open = turns.filter((turn) => turn.isOpen);
  while (open.length > 0) {
    const next = open.reduce((least, turn) => (turn.share < least.share ? turn : least));
    next.take();
    if (!next.isOpen) open = open.filter((turn) => turn !== next);
  }
  return turns;
}

class Turn<Copy> implements Shared<Copy> {
  readonly taken: { copy: Copy; pots: readonly Pot[] }[] = [];
  readonly passed: { copy: Copy; pot: Pot }[] = [];
  heldBy: Pot | undefined;
  private place = 0;

  constructor(
    private readonly line: WaitingLine<Copy>,
    public share: number,
  ) {}

  get isOpen(): boolean {
    return !this.heldBy && this.taken.length < this.line.most && this.place < this.line.copies.length;
  }

  /** The next copy goes, passes, or ends the turns of its line. */
  take(): void {
    const next = this.line.copies[this.place];
    if (!next) return;
    const empty = next.pots.filter(({ free }) => free <= 0);
    this.heldBy = empty.find(({ scope }) => isOfLine(scope, this.line.isMixed));
    if (this.heldBy) return;
    this.place += 1;
    const [pot] = empty;
    if (pot) return void this.passed.push({ copy: next.copy, pot });
    for (const one of next.pots) one.free -= 1;
    this.share += 1 / this.line.weight;
    this.taken.push(next);
  }
}
