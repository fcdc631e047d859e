/** Bodies to begin with; a spec sends each through the schema of its route. */

export const RETRY_EXAMPLES = {
  failed: { summary: 'Send it again', value: {} },
  unknown: { summary: 'Send it again although it may have arrived', value: { confirmUnknown: true } },
};

export const RESOLVE_EXAMPLES = {
  sent: { summary: 'It has arrived', value: { as: 'sent' } },
  resend: { summary: 'Send it once more', value: { as: 'resend' } },
};
