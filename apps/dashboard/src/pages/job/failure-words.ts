/** What reasons for failures mean; those that say it themselves are left out. */
export const FAILURE_WORDS: Readonly<Record<string, string>> = {
  ambiguous: 'A server got all of it and never answered: it may have arrived.',
  attempts_exhausted: 'It was tried as often as it may be.',
  bad_recipient: 'There is no such mailbox, says the server.',
  content_refused: 'The server does not take what it says or holds.',
  no_provider: 'No provider is set up to send it.',
  policy_block: 'The server takes no such mail from us.',
  render_error: 'Its template and its data do not fit together.',
  smtp_permanent: 'The server refused it for good.',
  time_budget_spent: 'It was tried again until its time was over.',
  worker_lost: 'The process that was to send it ended before it could, too often.',
};
