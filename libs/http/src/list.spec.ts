import { describe, expect, it } from '@jest/globals';
import { linkHeader } from './list.js';

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
