import { describe, expect, it } from '@jest/globals';
import { Pages } from './pages.js';
import { Rest } from './rest.js';

/** A list of numbers, two on a page. */
function list(count: number) {
  const asked: URL[] = [];
  const answer = (input: string | URL | Request): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    asked.push(url);
    const from = Number(url.searchParams.get('after') ?? 0);
    const data = Array.from({ length: Math.min(2, count - from) }, (_, i) => from + i);
    const hasMore = from + 2 < count;
    const page = { object: 'list', data, hasMore, nextCursor: hasMore ? String(from + 2) : null, prevCursor: null };
    return Promise.resolve(Response.json(page));
  };
  const rest = new Rest({ url: 'http://mail.test', key: undefined, fetch: answer, tries: 1, timeoutMs: 1_000 });
  return { asked, pages: new Pages<number>(rest, '/v1/numbers', { limit: 2 }) };
}

async function all(pages: Pages<number>, enough = Infinity): Promise<number[]> {
  const items: number[] = [];
  for await (const item of pages) {
    items.push(item);
    if (items.length >= enough) break;
  }
  return items;
}

describe('a list', () => {
  it.each([0, 1, 2, 3, 4, 5])('of %d is read to its end, each item once', async (count) => {
    const { pages } = list(count);
    expect(await all(pages)).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  it('asks for no page that nobody reads', async () => {
    const { pages, asked } = list(100);
    await all(pages, 3);
    expect(asked.map(({ search }) => search)).toEqual(['?limit=2', '?limit=2&after=2']);
  });

  it('can be read again from its beginning', async () => {
    const { pages } = list(3);
    await all(pages);
    expect(await all(pages)).toEqual([0, 1, 2]);
  });

  it('gives single pages to whoever wants to turn them', async () => {
    const { pages } = list(3);
    const { nextCursor } = await pages.page();
    expect(await pages.page(nextCursor ?? '')).toMatchObject({ data: [2], hasMore: false });
  });
});
