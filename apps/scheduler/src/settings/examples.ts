/** Bodies to begin with; a spec sends each through the schema of its route. */
export const SETTINGS_EXAMPLES = {
  from: { summary: 'Who sends when nobody is named', value: { defaultFrom: 'Acme <mail@acme.example>' } },
  reserve: { summary: 'Keep half of every limit for transactional mail', value: { transactionalReserve: 0.5 } },
  hours: {
    summary: 'By the clock of Berlin, in office hours',
    value: {
      timeZone: 'Europe/Berlin',
      windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00', timeZone: 'Europe/Berlin' }],
    },
  },
  back: { summary: 'The installation’s sender again', value: { defaultFrom: null } },
};
