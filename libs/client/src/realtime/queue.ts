/** Turns calls into an async iterable: what is pushed waits until it is taken. */
export class Queue<Item> {
  private readonly items: Item[] = [];
  private end: { readonly error: unknown } | undefined;
  private wake: (() => void) | undefined;

  push(item: Item): void {
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
      yield* this.items.splice(0);
      if (this.items.length > 0) continue;
      if (this.end) break;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    if (this.end.error !== undefined) throw this.end.error;
  }
}
