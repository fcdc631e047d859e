import { decideEdit, type EmailId, type FieldError, type TooLate } from '#domain';
import type { Caller } from '#http';
import { type Database, type EmailRow, getEmail, lockCopies, type Queryable, readNow } from '#storage';
import type { DefaultFrom } from '../settings/default-from.js';
import type { EmailPatch } from './email.schema.js';
import { changesContent, rulesOfEdit } from './rules-of-edit.js';
import { storeEdit } from './store-edit.js';

export type Edited =
  | { readonly kind: 'edited'; readonly email: EmailRow }
  | { readonly kind: 'too_late'; readonly code: TooLate; readonly email: EmailRow }
  | { readonly kind: 'audience'; readonly email: EmailRow }
  | { readonly kind: 'stale'; readonly email: EmailRow }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] }
  | { readonly kind: 'not_found' };

/** Edits an email that is not armed yet: what was claimed comes back under a new epoch, so its work order dies at the gate. */
export class EditEmail {
  constructor(
    private readonly db: Database,
    private readonly defaultFrom: DefaultFrom,
  ) {}

  run(caller: Caller, id: EmailId, patch: EmailPatch, ifVersion: number | undefined): Promise<Edited> {
    return this.db.of(caller.tenantId).transaction((tx) => this.edit(tx, caller, id, patch, ifVersion));
  }

  /** The same in a transaction of the caller. */
  async edit(
    tx: Queryable,
    caller: Caller,
    id: EmailId,
    patch: EmailPatch,
    ifVersion: number | undefined,
  ): Promise<Edited> {
    const { tenantId, mode } = caller;
    const copies = await lockCopies(tx, tenantId, mode, id); // the rows decide the race with the gate
    const email = await getEmail(tx, tenantId, mode, id);
    if (email && email.kind !== 'single') return { kind: 'audience', email };
    if (!email || copies.length === 0) return { kind: 'not_found' };
    if (ifVersion !== undefined && ifVersion !== email.version) return { kind: 'stale', email };
    const choices = await this.defaultFrom.choices(tenantId, tx);
    const from = patch.from === null ? choices.from : patch.from;
    const edit = rulesOfEdit(email, { ...patch, from }, choices, await readNow(tx));
    if (edit.kind === 'invalid') return edit;
    const what = changesContent(edit.edit) ? 'content' : 'time';
    const decision = decideEdit(copies, what);
    if (decision.kind === 'too_late') return { ...decision, email };
    // A copy that came back from its server is open for a moment, until the cancel catches it, too.
    if (email.tombstone_at !== null) return { kind: 'too_late', code: 'already_finished', email };
    if (edit.edit.changed.length === 0) return { kind: 'edited', email };
    await storeEdit(tx, caller, email, copies, edit.edit);
    const fresh = await getEmail(tx, tenantId, mode, id);
    return fresh ? { kind: 'edited', email: fresh } : { kind: 'not_found' };
  }
}
