import type { EventEnvelope } from '#events';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MODES: ReadonlySet<string> = new Set(['live', 'test']);
const POSITION = /^\d{1,20}$/;
const MAX_POSITION = 2n ** 64n - 1n;

/**
 * What is wrong with the values of headers, or null. Consumers hand them to the database as they are: what it cannot
 * take would fail there again and again, and hold up all that comes behind.
 */
export function headerFault({ tenantId, mode }: EventEnvelope, position: string | null): string | null {
  if (!UUID.test(tenantId)) return 'ce_tenantid is no uuid';
  if (!MODES.has(mode)) return 'ce_mode is neither live nor test';
  if (position !== null && !isPosition(position)) return 'mailtide-position is no transaction id of 64 bits';
  return null;
}

const isPosition = (text: string): boolean => POSITION.test(text) && BigInt(text) <= MAX_POSITION;
