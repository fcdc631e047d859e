import type { Undo } from '../bench/undo.js';

export interface ProofOptions {
  readonly recipients: number;
  readonly seed: number;
  /** Where processes are killed: one so often, on average. */
  readonly killEverySeconds: number;
}

export interface Proved {
  /** What was promised and did not hold, in words; none: everything held. */
  readonly problems: readonly string[];
  readonly figures: Readonly<Record<string, unknown>>;
}

/** Something that is promised, shown on apps and servers of its own. */
export interface Proof {
  readonly name: string;
  /** For `--help`. */
  readonly about: string;
  /** How many, when nobody says. */
  readonly recipients: number;
  readonly run: (options: ProofOptions, undo: Undo) => Promise<Proved>;
}
