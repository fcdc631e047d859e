/** Which page: the first, or the one behind or before an id. */
export interface Page<Id> {
  readonly limit: number;
  readonly after?: Id | undefined;
  readonly before?: Id | undefined;
}

export interface PageOf<Row> {
  /** Newest first. */
  readonly rows: readonly Row[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/**
 * A page of what was read behind its place, or before it: then backwards.
 * @param read one more than the limit where there is more
 */
export function turned<Row>(read: readonly Row[], { limit, after, before }: Page<unknown>): PageOf<Row> {
  const rows = read.slice(0, limit);
  const hasMore = read.length > limit;
  return before === undefined
    ? { rows, hasOlder: hasMore, hasNewer: after !== undefined }
    : { rows: rows.toReversed(), hasOlder: true, hasNewer: hasMore };
}
