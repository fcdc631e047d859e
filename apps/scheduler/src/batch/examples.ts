/** A batch to begin with; a spec sends it through its schema. */
export const BATCH_EXAMPLES = {
  two: {
    summary: 'Two emails, each safe to repeat',
    value: {
      emails: [
        { to: 'ada@example.com', subject: 'Hi Ada', text: 'It works', idempotencyKey: 'welcome-1' },
        { to: 'bob@example.com', subject: 'Hi Bob', text: 'It works', idempotencyKey: 'welcome-2' },
      ],
      mode: 'strict',
    },
  },
  permissive: {
    summary: 'Take the good ones',
    value: { emails: [{ to: 'ada@example.com', subject: 'Hi Ada', text: 'It works' }], mode: 'permissive' },
  },
};
