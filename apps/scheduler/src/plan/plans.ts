import type { Database } from '#storage';
import type { Emails } from '../emails/emails.js';
import type { DefaultFrom } from '../settings/default-from.js';

/** What plans are made with. */
export class Plans {
  readonly db: Database;
  readonly emails: Emails;
  readonly defaultFrom: DefaultFrom;

  constructor({ db, emails, defaultFrom }: Pick<Plans, 'db' | 'emails' | 'defaultFrom'>) {
    this.db = db;
    this.emails = emails;
    this.defaultFrom = defaultFrom;
  }
}
