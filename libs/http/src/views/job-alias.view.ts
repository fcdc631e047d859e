/** What of a job, or of the data of its events, an older system wants to know. */
interface AliasedJob {
  readonly id: string;
  readonly ownerId: string | null;
  readonly total: number;
  /** Absent from events of older releases. */
  readonly expected?: number;
  readonly counts: { readonly sent: number; readonly failed: number } | null;
  readonly status: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** A job in the words of an older system (interface 6): its total is what was asked for, from the beginning. */
export function jobAlias({ id, ownerId, total, expected = total, counts, status, createdAt, finishedAt }: AliasedJob) {
  return {
    jobId: id,
    userId: ownerId,
    total: expected,
    numberOfEmails: expected,
    sent: counts?.sent ?? 0,
    failed: counts?.failed ?? 0,
    status,
    createdAt,
    completedAt: finishedAt,
  };
}

export type JobAlias = ReturnType<typeof jobAlias>;
