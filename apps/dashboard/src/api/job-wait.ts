/** What holds a job back, as its answer says it: what is not known of it is left out or null. */
export interface JobWait {
  readonly reason: string;
  /** Whose limit it is: `tenant`, `campaign:cmp_…`, `domain:gmail`. */
  readonly scope?: string | null;
  readonly max?: number | null;
  readonly windowSeconds?: number | null;
  readonly used?: number | null;
  /** At least. */
  readonly until?: string | null;
}
