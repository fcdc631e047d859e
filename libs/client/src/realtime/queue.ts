/** Turns calls into an async iterable: what is pushed waits until it is taken. */
export class Queue<Item> {
  private readonly items: Item[] = [];
  private end: { readonly error: unknown } | undefined;
  private wake: (() => void) | undefined;

  /** @param limit so many may wait; one more ends it with `overfull` */
  constructor(
    private readonly limit: number,
    private readonly overfull: () => Error,
  ) {}

  /** Nothing, once it is closed. */
  push(item: Item): void {
    if (this.end) return;
    if (this.items.length >= this.limit) return this.close(this.overfull());
    this.items.push(item);
    this.wake?.();
  }

  /** After what was pushed nothing comes any more; with an error the reader gets that. */
  close(error?: unknown): void {
    this.end ??= { error };
    this.wake?.();
  }

  async *read(): AsyncGenerator<Item, void> {
    for (;;) {
      for (let item = this.items.shift(); item !== undefined; item = this.items.shift()) yield item;
      if (this.end) break;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    if (this.end.error !== undefined) throw this.end.error;
  }
}
