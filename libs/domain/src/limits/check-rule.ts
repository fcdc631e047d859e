import { isCalendarWindow } from './calendar-window.js';
import type { LimitRule } from './rule.js';

export interface RuleProblem {
  readonly field: keyof LimitRule;
  readonly code: 'out_of_range' | 'conflict' | 'required';
  readonly detail: string;
}

export const MAX_RULES = 4;
export const MAX_OF_RULE = 1_000_000_000;
export const LONGEST_WINDOW_SECONDS = 31 * 86_400;

/** What is wrong with a rule whose fields have the right types; undefined: nothing. */
export function ruleProblem({ max, windowSeconds, mode, timeZone, burst }: LimitRule): RuleProblem | undefined {
  if (!isWithin(max, MAX_OF_RULE)) return range('max', MAX_OF_RULE);
  if (!isWithin(windowSeconds, LONGEST_WINDOW_SECONDS)) return range('windowSeconds', LONGEST_WINDOW_SECONDS);
  if (burst !== null && !isWithin(burst, max)) return range('burst', max);
  if (mode !== 'calendar') {
    return timeZone === null ? undefined : { field: 'timeZone', code: 'conflict', detail: 'is of the mode calendar' };
  }
  if (timeZone === null) return { field: 'timeZone', code: 'required', detail: 'whose days they are' };
  if (isCalendarWindow(windowSeconds)) return undefined;
  const detail = 'of the mode calendar is a part of a day that fills it, 86400 or 604800';
  return { field: 'windowSeconds', code: 'out_of_range', detail };
}

const isWithin = (value: number, most: number): boolean => Number.isInteger(value) && value >= 1 && value <= most;
const range = (field: keyof LimitRule, most: number): RuleProblem => ({
  field,
  code: 'out_of_range',
  detail: `is a whole number from 1 to ${most}`,
});
