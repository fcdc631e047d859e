import type { LimitRule } from '../limits/rule.js';
import { campaignRules, type Pacing } from './pacing.js';

type Paced = Pick<Pacing, 'delaySeconds' | 'hourlyLimit'>;

/** Whether a rule of a campaign's limit is its pacing: the delay, and what may go in a rolling hour. */
export const isOfPacing = ({ mode, windowSeconds, burst }: LimitRule): boolean =>
  mode === 'delay' || (mode === 'rolling' && windowSeconds === 3_600 && burst === null);

/** Whether the limit of a campaign says what its pacing says. */
export function isPaced(rules: readonly LimitRule[], pacing: Paced): boolean {
  const stored = rules.filter(isOfPacing);
  const wished = campaignRules(pacing);
  return (
    stored.length === wished.length &&
    wished.every((rule) =>
      stored.some((one) => one.mode === rule.mode && one.max === rule.max && one.windowSeconds === rule.windowSeconds),
    )
  );
}

/** The rules of a campaign's limit as its pacing wants them; what others have set beside it stays. */
export const pacedRules = (rules: readonly LimitRule[], pacing: Paced): LimitRule[] => [
  ...campaignRules(pacing),
  ...rules.filter((rule) => !isOfPacing(rule)),
];

/** The `hourlyLimit` that rules of a campaign's limit are; null: none of them is. */
export const hourlyLimitIn = (rules: readonly LimitRule[]): number | null =>
  rules.find((rule) => rule.mode === 'rolling' && isOfPacing(rule))?.max ?? null;
