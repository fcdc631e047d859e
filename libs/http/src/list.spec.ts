import { describe, expect, it } from '@jest/globals';
import { linkHeader, pageOf } from './list.js';

const page = (nextCursor: string | null, prevCursor: string | null) => ({
  object: 'list' as const,
  data: [],
  hasMore: false,
  nextCursor,
  prevCursor,
});

describe('the Link header of a page (RFC 8288)', () => {
  it.each([
    ['/v1/emails', page(null, null), undefined],
    ['/v1/emails', page('n', null), '</v1/emails?after=n>; rel="next"'],
    [
      '/v1/emails?after=x&limit=2',
      page('n', 'p'),
      '</v1/emails?limit=2&after=n>; rel="next", </v1/emails?limit=2&before=p>; rel="prev"',
    ],
    ['/v1/emails?ownerId=a%3E%3B%22b', page('n', null), '</v1/emails?ownerId=a%3E%3B%22b&after=n>; rel="next"'],
  ])('of %s', (url, of, link) => expect(linkHeader(url, of)).toBe(link));
});

describe('a page', () => {
  const pageBy = (read: readonly number[], ask: { readonly after?: string; readonly before?: string }) => {
    const { data, hasMore, nextCursor, prevCursor } = pageOf(read, { limit: 2, ...ask }, String, (rows) => rows);
    return [data, hasMore, nextCursor, prevCursor];
  };
  it.each([
    ['that is all there is', pageBy([1, 2], {}), [[1, 2], false, null, null]],
    ['with more behind it', pageBy([1, 2, 3], {}), [[1, 2], true, '2', null]],
    ['behind a cursor', pageBy([3, 4], { after: '2' }), [[3, 4], false, null, '3']],
    ['before a cursor, with more before it', pageBy([4, 3, 2], { before: '5' }), [[3, 4], true, '4', '3']],
    ['before a cursor, the first', pageBy([2, 1], { before: '3' }), [[1, 2], true, '2', null]],
    ['before the first', pageBy([], { before: '1' }), [[], false, null, null]],
  ])('%s', (_what, turned, expected) => expect(turned).toEqual(expected));
});
