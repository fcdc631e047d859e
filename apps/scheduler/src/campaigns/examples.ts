/** Campaigns to begin with; a spec sends them through their schema. */
export const CAMPAIGN_EXAMPLES = {
  now: {
    summary: 'To a few people, at once',
    value: {
      name: 'Spring',
      recipients: ['ada@example.com', { to: 'bob@example.com', name: 'Bob', timeZone: 'Europe/Berlin' }],
      subject: 'Spring is here',
      text: 'Come and see.',
      pacing: { delaySeconds: 0, hourlyLimit: 1000, spread: 'even', weight: 1 },
    },
  },
  draft: {
    summary: 'A draft to upload recipients to, for working hours where each of them is',
    value: {
      name: 'Summer',
      draft: true,
      subject: 'Hi {{ name }}',
      text: 'Your code is {{ code }}.',
      render: 'liquid',
      schedule: { local: '2027-06-01T09:00', timeZone: 'recipient', fallback: 'Europe/Berlin' },
      windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:30', timeZone: 'recipient' }],
    },
  },
  weekly: {
    summary: 'Every Monday morning; a Monday on which the one before still goes on waits for its end',
    value: {
      name: 'News of the week',
      recipients: ['ada@example.com', 'bob@example.com'],
      subject: 'News of the week',
      text: 'This is new.',
      schedule: { local: '2027-01-04T09:00', timeZone: 'Europe/Berlin' },
      repeat: { rule: 'FREQ=WEEKLY;BYDAY=MO', until: '2027-12-31T23:00:00Z', overlap: 'buffer_one' },
    },
  },
};

export const CAMPAIGN_PATCH_EXAMPLES = {
  pacing: { summary: 'Slower, while it runs', value: { pacing: { hourlyLimit: 500 } } },
  repeat: { summary: 'Every other week from now on', value: { repeat: { rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO' } } },
  content: { summary: 'Another subject for all that is not sent', value: { subject: 'Spring is really here' } },
};
