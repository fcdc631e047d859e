import { parseAddress, parsePublicId, type SuppressionId } from '#domain';
import { type Caller, Problem } from '#http';
import { findSuppressions, getSuppression, type Queryable, type SuppressionRow } from '#storage';

/** What a path may name: one suppression, or an address and so all of its suppressions. */
export type Named = { readonly id: SuppressionId } | { readonly recipientKey: string };

export const noSuchSuppression = (): Problem =>
  new Problem('not_found', 'There is no such suppression in force. The address may be written to.');

/** Reads `{idOrAddress}`; what is neither is simply not found. */
export function namedIn(idOrAddress: string): Named {
  const id = parsePublicId('suppression', idOrAddress);
  if (id) return { id };
  const parsed = parseAddress(idOrAddress);
  if (parsed.kind === 'bad') throw noSuchSuppression();
  return { recipientKey: parsed.mailbox.key };
}

/** The suppression in force; of an address that has two, the wider one. Throws the problem `not_found`. */
export async function findSuppression(db: Queryable, caller: Caller, idOrAddress: string): Promise<SuppressionRow> {
  const named = namedIn(idOrAddress);
  const found =
    'id' in named
      ? await getSuppression(db, caller, named.id)
      : widest(await findSuppressions(db, caller, [named.recipientKey]));
  if (!found) throw noSuchSuppression();
  return found;
}

const widest = (rows: readonly SuppressionRow[]): SuppressionRow | undefined =>
  rows.find(({ scope }) => scope === 'all') ?? rows[0];
