import { RATED_RELEASE_MS } from '#domain';
import type { ClaimedDelivery } from '#storage';
import type { Armer } from './armer.js';
import { SenderLease } from './sender-lease.js';

/** A delivery waits so long on its connection for its rates; else it goes back, and its connection serves another. */
const LONGEST_WAIT_MS = 4_000;

/** `kind` `open`: it may go while the lease lasts. `later`: its rates give nothing for so long. */
export type RateSlot =
  { readonly kind: 'open'; readonly lease: SenderLease } | { readonly kind: 'later'; readonly ms: number };

/** Waits until the rates of a delivery let it go, for a moment at most. Whoever is under no limit goes at once. */
export async function rateSlot(armer: Pick<Armer, 'charge'>, delivery: ClaimedDelivery): Promise<RateSlot> {
  if (delivery.charged.length === 0) return { kind: 'open', lease: new SenderLease() };
  const began = performance.now();
  for (;;) {
    // From before the asking, as the database may charge at once and answer late.
    const lease = new SenderLease(RATED_RELEASE_MS);
    const answer = await armer.charge(delivery);
    if (answer.kind === 'free') return { kind: 'open', lease: new SenderLease() };
    if (answer.kind === 'charged' && !lease.isOver()) return { kind: 'open', lease };
    // What was charged and came too late is lost: less is sent, never more.
    const ms = answer.kind === 'wait' ? answer.ms : 0;
    if (performance.now() - began + ms > LONGEST_WAIT_MS) return { kind: 'later', ms };
    await pause(ms);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.ceil(ms)));
