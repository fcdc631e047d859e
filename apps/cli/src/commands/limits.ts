import { type Command, InvalidArgumentError } from 'commander';
import type { Limit } from '#client';
import type { Cli } from '../cli.js';

type Rule = Limit['rules'][number];
type NewRule = Pick<Rule, 'max' | 'windowSeconds'> & Partial<Pick<Rule, 'mode' | 'timeZone' | 'burst'>>;

const COLUMNS = {
  max: ({ max }: Rule) => max,
  'in seconds': ({ windowSeconds }: Rule) => windowSeconds,
  mode: ({ mode, timeZone }: Rule) => [mode, timeZone].filter((part) => part !== null).join(' '),
  used: ({ used }: Rule) => used,
  left: ({ remaining }: Rule) => remaining,
  'next at': ({ nextFreeAt }: Rule) => nextFreeAt,
};

interface Wish {
  readonly rule: readonly NewRule[];
}

/** `mailtide limits`: how much may be sent in how long. That of all tenants is set by whoever holds the database. */
export function addLimits(program: Command, { mail, out }: Cli): void {
  const limits = program.command('limits').description('how much may be sent in how long');

  limits
    .command('get <scope>')
    .description('a limit, what was used of it, and when one more may go')
    .action(async (scope: string) => {
      const limit = await mail().limits.get(scope);
      out.rows(limit.rules, COLUMNS, 'It has no rules.', limit);
    });

  limits
    .command('set <scope>')
    .description('set a limit: tenant, contact, sender:…, domain:…, provider:…, campaign:…; global with DATABASE_URL')
    .requiredOption(
      '--rule <max/seconds...>',
      'at most so many in so long: 1000/3600; up to 4; a zone makes it a calendar’s: 5000/86400@Europe/Berlin',
      rule,
    )
    .action(async (scope: string, { rule: rules }: Wish) => {
      if (scope === 'global') {
        const { setGlobalLimit } = await globalLimit();
        const set = await setGlobalLimit(rules);
        return out.result(set, () => `The limit of all tenants is in force (version ${set.version}).`);
      }
      const limit = await mail().limits.set(scope, { rules: [...rules] }, await seen(scope));
      out.rows(limit.rules, COLUMNS, 'It has no rules.', limit);
    });

  limits
    .command('rm <scope>')
    .description('remove a limit: nothing is counted or held back by it any more; global with DATABASE_URL')
    .action(async (scope: string) => {
      if (scope !== 'global') await mail().limits.delete(scope);
      else if (!(await (await globalLimit()).removeGlobalLimit())) return out.result(removed(scope), () => NO_GLOBAL);
      out.result(removed(scope), () => `The limit of ${scope} is removed`);
    });

  /** Whoever sets a limit here means it, whatever it was before. */
  const seen = async (scope: string): Promise<{ readonly ifVersion?: number }> => {
    const known = await mail()
      .limits.get(scope)
      .catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
    return known ? { ifVersion: known.version } : {};
  };
}

/** Loaded when it is needed: it brings the driver of the database along. */
const globalLimit = () => import('../global-limit.js');

const NO_GLOBAL = 'There is no limit of all tenants.';
const removed = (scope: string) => ({ object: 'limit', scope, removed: true });

const isNotFound = (error: unknown): boolean => error instanceof Error && 'status' in error && error.status === 404;

const RULE = /^(\d+)\/(\d+)(?:@(.+))?$/;

function rule(text: string, before: readonly NewRule[] = []): readonly NewRule[] {
  const [, max, windowSeconds, timeZone] = RULE.exec(text) ?? [];
  if (max === undefined || windowSeconds === undefined) throw new InvalidArgumentError('a rule is written 1000/3600');
  const calendar = timeZone === undefined ? {} : { mode: 'calendar' as const, timeZone };
  return [...before, { max: Number(max), windowSeconds: Number(windowSeconds), ...calendar }];
}
