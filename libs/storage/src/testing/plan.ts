import type { Queryable } from '../database.js';
import { rowsOf } from './spec-database.js';

/** A node of EXPLAIN (format json), as far as the specs look. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Plan Rows': number;
  /** Only of what was executed: of each loop, as the rows that were removed. */
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Runs statements and keeps how the server would run each with exactly these values. */
export const explaining = (tx: Queryable, plans: Map<string, PlanNode>): Queryable =>
  keeping(tx, plans, 'explain (format json)');

/** The same, with the rows that each step met. Everything runs twice, once in vain: in a transaction. */
export const executing = (tx: Queryable, plans: Map<string, PlanNode>): Queryable =>
  keeping(tx, plans, 'explain (analyze, timing off, format json)');

function keeping(tx: Queryable, plans: Map<string, PlanNode>, explain: string): Queryable {
  return {
    query: async (query) => {
      await rowsOf(tx, 'savepoint explained');
      const [explained] = await rowsOf<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        tx,
        `${explain} ${query.text}`,
        query.values,
      );
      await rowsOf(tx, 'rollback to explained');
      const plan = explained?.['QUERY PLAN'][0].Plan;
      if (plan) plans.set(query.name.replace(/-[0-9a-f]{8}$/, ''), plan);
      return tx.query(query);
    },
  };
}

/** Rows that came out of tables, and those that came out of them or of joins only to be thrown away. */
export const rowsRead = (plan: PlanNode): number =>
  nodes(plan).reduce((sum, node) => {
    const came =
      node['Relation Name'] !== undefined && node['Node Type'].includes('Scan') ? (node['Actual Rows'] ?? 0) : 0;
    const lost = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Join Filter'] ?? 0);
    return sum + (came + lost) * (node['Actual Loops'] ?? 1);
  }, 0);

const nodes = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

const touchesTable = (plan: PlanNode): boolean =>
  nodes(plan).some((node) => node['Node Type'].includes('Scan') && node['Relation Name'] !== undefined);

/** The steps of an executed plan that went to a table; empty: it was not looked at. */
export const visitsTo = (plan: PlanNode, table: string): string[] =>
  nodes(plan)
    .filter((node) => node['Relation Name'] === table && (node['Actual Loops'] ?? 1) > 0)
    .map((node) => `${node['Node Type']} on ${table}`);

/** What a plan may do besides following its indexes. */
export interface Allowed {
  /** Tables that are always small enough to be read whole. */
  readonly tables: readonly string[];
  /** Whether all of an index may be walked: where nothing is stored. */
  readonly indexWalks: boolean;
}

/** What a plan does that costs more the more is stored; empty: it only goes where its indexes and tuple ids lead it. */
export function walksOf(plan: PlanNode, allowed: Allowed): string[] {
  return nodes(plan).flatMap((node) => {
    const { 'Node Type': type, 'Relation Name': table, 'Index Name': index } = node;
    if (table !== undefined && allowed.tables.includes(table)) return [];
    if (type === 'Seq Scan' || type.startsWith('Bitmap')) return [`${type} on ${table ?? index ?? ''}`];
    const isWalk = /^Index (Only )?Scan/.test(type) && !node['Index Cond'];
    if (isWalk && !allowed.indexWalks) return [`${type} over all of ${index ?? ''}`];
    if (type === 'Sort' && touchesTable(node) && node['Plan Rows'] > SMALL_SORT) return ['Sort of a table'];
    return /^(Hash|Merge) Join/.test(type) ? [type] : [];
  });
}

/** Rows: a batch may be put in order, a backlog may not. */
const SMALL_SORT = 2_000;
