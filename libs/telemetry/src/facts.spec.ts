import { describe, expect, it } from '@jest/globals';
import { createMetrics, type Facts } from './facts.js';

/** Every fact, with something that can happen. A new one does not compile here until it is told. */
const HAPPENED: { readonly [Name in keyof Facts]: Parameters<Facts[Name]> } = {
  emailsCreated: [2, 3],
  deliveriesClaimed: ['bulk', 3],
  ordersPublished: ['bulk', 1, 3],
  eventsRelayed: [4],
  claimsReclaimed: [1],
  deliveriesAmbiguous: [1],
  deliveriesLapsed: ['held', 1],
  attemptEnded: [{ lane: 'bulk', outcome: 'accepted', status: 'sent', seconds: 0.2, lateSeconds: 0.1 }],
  deliveriesSuppressed: [1],
  recipientSuppressed: [],
  policyBlocked: ['gmail'],
  deliveriesParked: [3],
  providerBreaker: ['prv_1', 'open'],
  deadLetterAdded: ['delivery', 'time_budget_spent'],
  armBatch: [5, 0.01],
  settleBatch: [5, 0.01],
  sandboxMessage: ['refused'],
  eventsEmitted: [6],
};

/** The lines of our own metrics that show anything but zero. */
async function shown(registry: { metrics: () => Promise<string> }): Promise<string[]> {
  const text = await registry.metrics();
  return text.split('\n').filter((line) => line.startsWith('mailtide_') && !line.endsWith(' 0'));
}

describe('facts', () => {
  it.each(Object.keys(HAPPENED) as (keyof Facts)[])('%s shows in the metrics', async (name) => {
    const { registry, facts } = createMetrics('poller');
    expect(await shown(registry)).toEqual([]);
    (facts[name] as (...happened: unknown[]) => void)(...HAPPENED[name]);
    const lines = await shown(registry);
    expect(lines).not.toEqual([]);
    expect(lines.every((line) => line.includes('app="poller"'))).toBe(true);
  });

  it('of one process are not those of another', async () => {
    const [one, other] = [createMetrics('poller'), createMetrics('poller')];
    one.facts.eventsRelayed(1);
    expect(await shown(other.registry)).toEqual([]);
  });

  it('have names of ours with their unit, and a help text each', async () => {
    const { registry } = createMetrics('poller');
    const ours = (await registry.getMetricsAsJSON()).filter(({ name }) => name.startsWith('mailtide_'));
    expect(ours.length).toBeGreaterThan(10);
    for (const { name, help } of ours) {
      expect(name).toMatch(/^mailtide_[a-z_]+_(total|seconds|deliveries|open)$/);
      expect(help).not.toBe('');
    }
  });
});
