import type { EndedCopy } from '#storage';
import type { Facts, Logger } from '#telemetry';

/** Tells of copies that came too late. */
export function noteLapsed(
  ended: readonly EndedCopy[],
  { log, facts }: { readonly log: Logger; readonly facts: Facts },
): void {
  if (ended.length === 0) return;
  const held = ended.filter(({ status }) => status === 'scheduled').length;
  facts.deliveriesLapsed('held', held);
  facts.deliveriesLapsed('ended', ended.length - held);
  log.warn({ deliveries: ended.length, held }, 'deliveries were too late to be sent');
}
