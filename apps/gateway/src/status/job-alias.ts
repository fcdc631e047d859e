/** A job in the words of an older system (interface 6). */
export interface JobAlias {
  readonly jobId: string;
  readonly userId: string | null;
  readonly total: number;
  readonly numberOfEmails: number;
  readonly sent: number;
  readonly failed: number;
  readonly status: string;
  readonly createdAt: string;
  readonly completedAt: string | null;
}

interface Job {
  readonly jobId: string;
  readonly ownerId: string | null;
  readonly total: number;
  readonly counts: { readonly sent: number; readonly failed: number } | null;
  readonly status: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** @param data of `job.progress` */
export function jobAlias(data: unknown): JobAlias {
  const { jobId, ownerId, total, counts, status, createdAt, finishedAt } = data as Job;
  return {
    jobId,
    userId: ownerId,
    total,
    numberOfEmails: total,
    sent: counts?.sent ?? 0,
    failed: counts?.failed ?? 0,
    status,
    createdAt,
    completedAt: finishedAt,
  };
}
