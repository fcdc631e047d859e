import type { FastifyReply } from 'fastify';

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

/**
 * A page of what was read behind its cursor, or before it: then backwards.
 * @param read one more than the limit where there is more
 */
export function pageOf<Row, Item>(
  read: readonly Row[],
  { limit, after, before }: PageAsk,
  cursorAt: (row: Row) => string,
  view: (rows: readonly Row[]) => readonly Item[],
): ListView<Item> {
  const isBackwards = before !== undefined;
  const rows = isBackwards ? read.slice(0, limit).toReversed() : read.slice(0, limit);
  const [first, last] = [rows[0], rows.at(-1)];
  const isMore = read.length > limit;
  const [hasNext, hasPrev] = isBackwards ? [true, isMore] : [isMore, after !== undefined];
  return {
    object: 'list',
    data: view(rows),
    hasMore: hasNext && rows.length > 0,
    nextCursor: hasNext && last !== undefined ? cursorAt(last) : null,
    prevCursor: hasPrev && first !== undefined ? cursorAt(first) : null,
  };
}

/** Answers a page with its `Link`, beside whatever the answer links to already. */
export function linked<Page extends ListView<unknown>>(reply: FastifyReply, url: string, page: Page): Page {
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
