/** So many in so long. */
export interface LimitRule {
  readonly max: number;
  readonly windowSeconds: number;
  /** `delay` is made by the pacing of a campaign and shown there: a floor between two of its recipients. */
  readonly mode: 'rolling' | 'calendar' | 'delay';
  /** Of the mode `calendar`: whose days they are. */
  readonly timeZone: string | null;
  /** How many may go at once after a pause; null: as many as the window holds. */
  readonly burst: number | null;
}

/** Up to this a rule is a rate: it is charged at the gate, when a message is about to go (semantics 4). */
export const LONGEST_RATE_SECONDS = 60;

/** A grant may be used so much later than it is dated: 20 s until it is armed, 2 to release the dot, 3 on the wire (reliability 2.4). */
export const GRANT_SLACK_MS = 25_000;
/** A slot of a rate may be used so much later than it is dated: see RATED_RELEASE_MS, and the wire. */
export const RATE_SLACK_MS = 500;
/** Whoever charged a rate lets the dot go within this, or not at all. What is left of the slack is for the wire. */
export const RATED_RELEASE_MS = 300;
/** Uses are dated down to these. */
export const USAGE_GRAIN_MS = 1_000;
export const RATE_GRAIN_MS = 100;
/**
 * Copies that an empty limit has let others pass come back one after another, over so long behind the instant at which it
 * gives: a limit that is raised must not be waited for longer. Whoever frees them looks so far.
 */
export const DEFERRAL_SPREAD_MS = 300_000;

/** Whether the gate charges a rule; else the claim does. */
export const isRate = (rule: Pick<LimitRule, 'mode' | 'windowSeconds'>): boolean =>
  rule.mode === 'delay' || rule.windowSeconds <= LONGEST_RATE_SECONDS;
