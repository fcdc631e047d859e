/** What went wrong behind the making of a draft, which still stands. */
export class LeftDraft extends Error {
  constructor(
    readonly id: string,
    override readonly cause: unknown,
  ) {
    super(`The draft ${id} is left.`, { cause });
  }
}
