import type { Caller } from '#http';
import { type Database, type EmailRow, getEmail } from '#storage';
import type { Facts } from '#telemetry';
import type { DefaultFrom } from '../settings/default-from.js';
import { CancelEmail } from './cancel-email.js';
import type { ChangeEmails } from './change-emails.js';
import { EditEmail } from './edit-email.js';
import { ListEmails } from './list-emails.js';
import { emailIdOf, noSuchEmail } from './not-found.js';
import { ScheduleEmail } from './schedule-email.js';
import { sendEmailsNow, type SendNowOptions } from './send-emails-now.js';

export interface EmailsParts {
  readonly db: Database;
  /** For what is done for many callers at once. */
  readonly shared: Database;
  readonly facts: Facts;
  readonly defaultFrom: DefaultFrom;
}

/** Everything that can be done with emails: the same use cases behind `/v1` and behind the aliases. */
export class Emails {
  readonly schedule: ScheduleEmail;
  readonly edit: EditEmail;
  readonly cancel: CancelEmail;
  readonly list: ListEmails;
  readonly sendNow: (ignoreWindows: boolean) => ChangeEmails;

  private readonly db: Database;

  constructor({ db, shared, facts, defaultFrom }: EmailsParts) {
    this.db = db;
    this.schedule = new ScheduleEmail({ db: shared, facts, defaultFrom });
    this.edit = new EditEmail(db, defaultFrom);
    this.cancel = new CancelEmail(db);
    this.list = new ListEmails(db);
    const choicesOf: SendNowOptions['choicesOf'] = (tenantId, tx) => defaultFrom.choices(tenantId, tx);
    this.sendNow = (ignoreWindows) => sendEmailsNow({ choicesOf, ignoreWindows });
  }

  /** One email by its public id; throws the problem `not_found`. */
  async find(caller: Caller, id: string): Promise<EmailRow> {
    const email = await getEmail(this.db.of(caller.tenantId), caller.tenantId, caller.mode, emailIdOf(id));
    if (!email) throw noSuchEmail();
    return email;
  }
}
