import type { Rest } from './rest.js';

/** A page of a list, as the API answers it. */
export interface Page<Item> {
  readonly data: readonly Item[];
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
  readonly prevCursor: string | null;
}

/** A list that turns its pages by itself: `for await (const email of mail.emails.list())`. */
export class Pages<Item> implements AsyncIterable<Item> {
  constructor(
    private readonly rest: Rest,
    private readonly path: string,
    private readonly query: object,
  ) {}

  /** One page; `after` is the cursor of the one before. @throws MailtideError */
  page(after?: string): Promise<Page<Item>> {
    return this.at({ after });
  }

  /** The page before the one that gave this `prevCursor`. @throws MailtideError */
  pageBefore(before: string): Promise<Page<Item>> {
    return this.at({ before });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void> {
    let cursor: string | undefined;
    do {
      const page = await this.page(cursor);
      yield* page.data;
      cursor = page.hasMore ? (page.nextCursor ?? undefined) : undefined;
    } while (cursor !== undefined);
  }

  private at(place: { readonly after?: string | undefined } | { readonly before: string }): Promise<Page<Item>> {
    return this.rest.call<Page<Item>>({ method: 'GET', path: this.path, query: { ...this.query, ...place } });
  }
}
