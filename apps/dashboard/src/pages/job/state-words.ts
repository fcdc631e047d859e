/** What the states of copies and rows mean, for who has not read about them. */
export const STATE_WORDS: Readonly<Record<string, string>> = {
  sent: 'A server has accepted it.',
  failed: 'No server accepted it, and it is not tried again by itself.',
  unknown: 'A server got all of it and never answered: it may have arrived. It is not sent again by itself.',
  expired: 'Its time was over before it could be sent.',
  suppressed: 'Its recipient wants no mail, or their mailbox bounced: it is on the suppression list.',
  cancelled: 'It was taken back before it was sent.',
  sending: 'It is with a server, which may accept it at any moment.',
  queued: 'Its turn has come: a sender is about to send it.',
  scheduled: 'It waits for its time or its turn.',
  not_made_yet: 'Recipients of whom no copies are made yet.',
  ok: 'It was done.',
  rejected: 'It could not be done.',
  waiting: 'Its turn has not come.',
};
