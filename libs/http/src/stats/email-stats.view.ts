import type { CopyCounts } from '#domain';

/** Numbers of an email (interface 3.16). No feedback comes in yet, so nothing is known of rates. */
export function emailStatsView({ now, ...row }: CopyCounts & { readonly now: Date }) {
  const { total, scheduled, queued, sending, sent, failed, unknown, cancelled, expired, suppressed } = row;
  return {
    object: 'email_stats' as const,
    counts: { total, scheduled, queued, sending, sent, failed, unknown, cancelled, expired, suppressed },
    feedback: { delivered: 0, bounced: 0, complained: 0, opened: 0, clicked: 0, unsubscribed: 0 },
    opens: { human: 0, machine: 0, unknown: 0 },
    clicks: { human: 0, machine: 0, unknown: 0 },
    rates: { delivered: null, bounced: null, complained: null },
    checkedAt: now.toISOString(),
  };
}

export type EmailStatsView = ReturnType<typeof emailStatsView>;
