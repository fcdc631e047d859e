import { InvalidArgumentError } from 'commander';
import { ALL_TENANTS, isZone, type LimitRule, MAX_RULES, ruleProblem } from '#domain';
import { changeLimit, createLimit, getLimit, lockLimit, type Queryable, removeLimit, wakeLines } from '#storage';
import { atDatabase } from './at-database.js';

type NewRule = Pick<LimitRule, 'max' | 'windowSeconds'> & {
  readonly mode?: 'rolling' | 'calendar';
  readonly timeZone?: string | null;
};

export interface GlobalLimit {
  readonly object: 'limit';
  readonly scope: 'global';
  readonly rules: readonly LimitRule[];
  readonly version: number;
}

/**
 * Sets the limit of all tenants together, live at once; what was used counts on. Speaks to the database itself: no key is
 * of all tenants. Throws a SetupError without DATABASE_URL.
 */
export async function setGlobalLimit(wish: readonly NewRule[]): Promise<GlobalLimit> {
  const rules = wish.map(checked);
  if (rules.length > MAX_RULES) throw new InvalidArgumentError(`at most ${MAX_RULES} rules`);
  return atDatabase(async (db) => {
    const { version } = await db.of(ALL_TENANTS).transaction((tx) => put(tx, rules));
    return { object: 'limit', scope: 'global', rules, version };
  });
}

/** Removes it; false: there was none. Throws a SetupError without DATABASE_URL. */
export const removeGlobalLimit = (): Promise<boolean> =>
  atDatabase((db) =>
    db.of(ALL_TENANTS).transaction(async (tx) => {
      await wakeLines(tx, null);
      const limit = await lockLimit(tx, ALL_TENANTS, 'global');
      if (limit) await removeLimit(tx, limit);
      return limit !== undefined;
    }),
  );

async function put(tx: Queryable, rules: readonly LimitRule[]) {
  if (await getLimit(tx, ALL_TENANTS, 'global')) {
    await wakeLines(tx, null);
    const before = await lockLimit(tx, ALL_TENANTS, 'global');
    if (before) return changeLimit(tx, before, rules);
  }
  const made = await createLimit(tx, ALL_TENANTS, 'global', rules);
  if (!made) throw new Error('somebody else set the limit just now; try again');
  return made;
}

function checked({ max, windowSeconds, mode = 'rolling', timeZone = null }: NewRule): LimitRule {
  const rule = { max, windowSeconds, mode, timeZone, burst: null };
  if (timeZone !== null && !isZone(timeZone)) throw new InvalidArgumentError(`"${timeZone}" is no time zone`);
  const problem = ruleProblem(rule);
  if (problem) throw new InvalidArgumentError(`${problem.field}: ${problem.detail}`);
  return rule;
}
