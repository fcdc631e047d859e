import { type SendWindows, type TenantId, UTC, type Wish } from '#domain';
import { type EmailRow, type Queryable, readNow, readSettings } from '#storage';
import { decideOpening, type TenantTimes } from './decide-when.js';

/** What says when an email of its own may go. */
export interface Windowed {
  readonly class: EmailRow['class'];
  readonly windows: SendWindows;
  readonly wish: Wish | null;
}

/** When the windows of an email open that are shut now; null: they are open. */
export type OpeningOf = (email: Windowed) => Date | null;

/** The next openings for one tenant, by the database's clock. */
export async function openingsFor(tx: Queryable, tenantId: TenantId): Promise<OpeningOf> {
  const settings = await readSettings(tx, tenantId);
  const times = { timeZone: settings?.time_zone ?? UTC, windows: settings?.windows ?? [] };
  const now = Math.floor(await readNow(tx));
  return (email) => {
    const at = openingOf(email, times, now);
    return at > now ? new Date(at) : null;
  };
}

/** The first instant, `from` or later, at which the windows of an email are open; never open any more: `from`, for a person said so. */
export function openingOf(
  { class: emailClass, windows, wish: schedule }: Windowed,
  times: TenantTimes,
  from: number,
): number {
  const opening = decideOpening({ class: emailClass, windows, schedule }, times, from);
  return opening.kind === 'when' ? opening.dueAt : from;
}
