const AT_LEAST = 20_000;

/** The ids of lately: events come at least once, and whoever reads hears each of them once. */
export class Seen {
  private ids = new Set<string>();
  private older = new Set<string>();

  /** True the first time only. */
  isNew(id: string): boolean {
    if (this.ids.has(id) || this.older.has(id)) return false;
    this.ids.add(id);
    if (this.ids.size >= AT_LEAST) [this.older, this.ids] = [this.ids, new Set()];
    return true;
  }
}
