/** Bodies to begin with; a spec sends each through the schema of its route. */

export const EMAIL_EXAMPLES = {
  now: {
    summary: 'At once',
    value: { to: 'ada@example.com', subject: 'Hi', text: 'It works' },
  },
  local: {
    summary: 'At a local time, within office hours',
    value: {
      to: 'ada@example.com',
      subject: 'Hi',
      text: 'Good morning',
      schedule: { local: '2027-03-29T09:00', timeZone: 'Europe/Berlin' },
      windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:30', timeZone: 'Europe/Berlin' }],
    },
  },
  later: {
    summary: 'At a time',
    value: {
      to: ['Ada <ada@example.com>', 'bob@example.com'],
      from: 'Acme <mail@acme.example>',
      subject: 'The report is ready',
      html: '<p>Read it <b>today</b>.</p>',
      scheduledAt: '2027-01-05T09:00:00+01:00',
      visibility: 'individual',
      ownerId: 'user-42',
    },
  },
  attached: {
    summary: 'With an attachment, until it is of no use any more',
    value: {
      to: 'ada@example.com',
      subject: 'Your invoice',
      html: '<p>Here it is.</p>',
      attachments: [{ filename: 'invoice.txt', contentType: 'text/plain', content: 'VG90YWw6IDE5LjkwIEVVUgo=' }],
      headers: { 'X-Order': '1042' },
      tags: { team: 'billing' },
      scheduledAt: '2027-01-05T09:00:00Z',
      expiresAt: '2027-01-06T09:00:00Z',
      onMissed: 'hold',
    },
  },
};

export const PATCH_EXAMPLES = {
  time: { summary: 'Another time', value: { scheduledAt: '2027-01-06T09:00:00Z' } },
  local: {
    summary: 'Another local time',
    value: { schedule: { local: '2027-01-06T09:00', timeZone: 'Europe/Berlin' } },
  },
  content: {
    summary: 'Another text, and no HTML any more',
    value: { subject: 'Hello', text: 'It still works', html: null },
  },
};

export const RESCHEDULE_EXAMPLES = {
  time: { summary: 'Another time', value: { scheduledAt: '2027-01-06T09:00:00Z' } },
};

export const SEND_NOW_EXAMPLES = {
  now: { summary: 'Due now; limits, suppressions and a pause still hold', value: { ignoreWindows: false } },
};

export const SCHEDULE_EXAMPLES = {
  schedule: {
    summary: 'As the first system sent it',
    value: {
      recipients: ['ada@example.com'],
      subject: 'Hi',
      body: 'Hello',
      deliveryTime: '2027-01-05T09:00:00Z',
    },
  },
  several: {
    summary: 'To several, in HTML',
    value: {
      recipients: 'ada@example.com, bob@example.com',
      subject: 'Hi',
      body: '<p>Hello</p>',
      deliveryTime: '2027-01-06T09:00:00+01:00',
    },
  },
};

export const SEND_EMAILS_EXAMPLES = {
  seed: { summary: 'As an older system sends it', value: { userId: '1', numberOfEmails: 100 } },
  few: { summary: 'Its other name for the user', value: { user_id: 2, numberOfEmails: 10 } },
};
