import type { FastifyReply } from 'fastify';
import { type Page, type PageOf, turned } from '#storage';
import { readCursor, unreadableCursor } from './cursor.js';
import { Problem } from './problem.js';

/** A page of a list (interface 2). */
export interface ListView<Item> {
  readonly object: 'list';
  readonly data: readonly Item[];
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
  readonly prevCursor: string | null;
}

/** Which page was asked for: the first, or the one behind or before a cursor. */
export interface PageAsk {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** Throws the problem `validation_failed` when two pages are asked for. */
export function refuseTwoPages({ after, before }: PageAsk): void {
  if (after === undefined || before === undefined) return;
  const errors = [{ parameter: 'before', code: 'conflict' as const, detail: 'send after or before, not both' }];
  throw new Problem('validation_failed', 'before: send after or before, not both', { errors });
}

/**
 * Which page was asked for, by the ids in its cursors. Throws the problems `validation_failed` and `bad_cursor`.
 * @param filter as the cursors were written with
 * @param idOf undefined: it is none
 */
export function readPage<Id>(ask: PageAsk, filter: object, idOf: (text: string) => Id | undefined): Page<Id> {
  refuseTwoPages(ask);
  const place = (cursor: string | undefined): Id | undefined => {
    if (cursor === undefined) return undefined;
    const id = idOf(readCursor(cursor, filter)[0] ?? '');
    if (id === undefined) throw unreadableCursor();
    return id;
  };
  return { limit: ask.limit, after: place(ask.after), before: place(ask.before) };
}

/**
 * A page of what was read behind its cursor, or before it: then backwards.
 * @param read one more than the limit where there is more
 */
export function pageOf<Row, Item>(
  read: readonly Row[],
  ask: PageAsk,
  cursorAt: (row: Row) => string,
  view: (rows: readonly Row[]) => readonly Item[],
): ListView<Item> {
  const page = turned(read, ask);
  return listOf(page, view(page.rows), cursorAt);
}

/** A page that was read, by what is shown of its rows. */
export function listOf<Row, Item>(
  { rows, hasOlder, hasNewer }: PageOf<Row>,
  data: readonly Item[],
  cursorAt: (row: Row) => string,
): ListView<Item> {
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    object: 'list',
    data,
    hasMore: hasOlder && rows.length > 0,
    nextCursor: hasOlder && last !== undefined ? cursorAt(last) : null,
    prevCursor: hasNewer && first !== undefined ? cursorAt(first) : null,
  };
}

/** Answers a page with its `Link`, beside whatever the answer links to already. */
export function linked<List extends ListView<unknown>>(reply: FastifyReply, url: string, page: List): List {
  const links = [reply.getHeader('link'), linkHeader(url, page)].filter((link) => link !== undefined);
  if (links.length > 0) void reply.header('link', links.join(', '));
  return page;
}

/** The `Link` header of a page (RFC 8288): where to read on. */
export function linkHeader(url: string, page: ListView<unknown>): string | undefined {
  const links = [
    page.nextCursor && `<${pageUrl(url, 'after', page.nextCursor)}>; rel="next"`,
    page.prevCursor && `<${pageUrl(url, 'before', page.prevCursor)}>; rel="prev"`,
  ].filter((link) => link !== null && link !== '');
  return links.length > 0 ? links.join(', ') : undefined;
}

function pageUrl(url: string, name: 'after' | 'before', cursor: string): string {
  const [path = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.delete('after');
  parameters.delete('before');
  parameters.set(name, cursor);
  return `${path}?${parameters.toString()}`;
}
