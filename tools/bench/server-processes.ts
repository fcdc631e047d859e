import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataDir } from '../dev/services.js';
import { childrenOf, parentOf, titleOf } from './process-table.js';

/** What Postgres does for all databases of the server together. */
const SHARED = /^postgres: (io worker|checkpointer|background writer|walwriter|autovacuum launcher)/;

/**
 * The sessions of one database, and the processes that all databases share; both empty when the server is elsewhere.
 * @param ownSession the bench's own, which is nobody's cost
 */
export function postgresProcesses(database: string, ownSession: number): { sessions: number[]; shared: number[] } {
  const server = titleOf(ownSession).startsWith('postgres:') ? parentOf(ownSession) : undefined;
  const titled = (server === undefined ? [] : childrenOf(server)).map((pid) => ({ pid, title: titleOf(pid) }));
  const isOurs = (title: string) => title.split(' ').includes(database);
  return {
    sessions: titled.filter(({ pid, title }) => pid !== ownSession && isOurs(title)).map(({ pid }) => pid),
    shared: titled.filter(({ title }) => SHARED.test(title)).map(({ pid }) => pid),
  };
}

/** The broker that runs for this checkout, if it is the one that is used. */
export function brokerProcess(brokers: string): number[] {
  try {
    const state = JSON.parse(readFileSync(join(dataDir(), 'run/kafka.json'), 'utf8')) as { pid: number; port: number };
    return brokers.endsWith(`:${state.port}`) ? [state.pid] : [];
  } catch {
    return []; // a broker of somebody else
  }
}
