const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds to wait after the first, second ... failed attempt; the last one repeats (semantics 2). */
export const RETRY_DELAYS_SECONDS: readonly number[] = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
];

/** Jitter only ever adds, so that no server is asked earlier than the schedule says. */
const JITTER = 0.2;

/** Attempts after which a budget of time no longer matters: five days at the longest delay need fewer. */
export const MAX_ATTEMPTS = 30;

export type RetryDecision =
  | { readonly kind: 'retry'; readonly delaySeconds: number }
  | { readonly kind: 'spent'; readonly reason: 'time_budget_spent' | 'attempts_exhausted' };

/**
 * When to try again after a temporary failure.
 * @param attempt the attempts made so far, at least 1
 * @param budgetLeftSeconds what is left of the email's `retryForSeconds`
 * @param random in [0, 1)
 * @param delaysSeconds the schedule; never empty
 */
export function decideRetry(
  attempt: number,
  budgetLeftSeconds: number,
  random: number,
  delaysSeconds: readonly number[] = RETRY_DELAYS_SECONDS,
): RetryDecision {
  if (attempt >= MAX_ATTEMPTS) return { kind: 'spent', reason: 'attempts_exhausted' };
  const base = delaysSeconds[Math.min(Math.max(attempt, 1), delaysSeconds.length) - 1] ?? 8 * HOUR;
  const delaySeconds = Math.round(base * (1 + JITTER * random) * 1000) / 1000;
  return delaySeconds <= budgetLeftSeconds
    ? { kind: 'retry', delaySeconds }
    : { kind: 'spent', reason: 'time_budget_spent' };
}
