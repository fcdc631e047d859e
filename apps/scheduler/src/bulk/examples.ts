/** Bulk actions to begin with; a spec sends each through its schema. */
export const BULK_EXAMPLES = {
  preview: {
    summary: 'See what a cancel would touch',
    value: { action: 'cancel', filter: { ownerId: 'user-42', status: 'scheduled' } },
  },
  cancel: {
    summary: 'Do it',
    value: { action: 'cancel', filter: { ownerId: 'user-42', status: 'scheduled' }, dryRun: false },
  },
  later: {
    summary: 'Send all of them at another time',
    value: {
      action: 'update',
      filter: { ownerId: 'user-42' },
      patch: { scheduledAt: '2027-01-06T09:00:00Z' },
      dryRun: false,
    },
  },
};
