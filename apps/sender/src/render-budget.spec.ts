import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { EmailId } from '#domain';
import { newId } from '#storage';
import { RenderBudget } from './render-budget.js';
import { RenderTurns } from './render-turns.js';

/** Its clocks move by hand. */
function aBudget() {
  const clock = { ms: 0, cpuMs: 0 };
  const budget = new RenderBudget(
    () => clock.ms,
    () => clock.cpuMs,
  );
  const render = (email: EmailId, tookMs: number) => budget.spend(email, () => void (clock.cpuMs += tookMs));
  return { budget, clock, render };
}

describe('an email whose copies are slow to render', () => {
  it('rests when its last ones took a second together, and no other one does', () => {
    const { budget, clock, render } = aBudget();
    const [slow, quick] = [newId<EmailId>(), newId<EmailId>()];
    for (let copies = 0; copies < 3; copies += 1) render(slow, 400);
    for (let copies = 0; copies < 3_000; copies += 1) render(quick, 1);
    expect([budget.restMs(slow), budget.restMs(quick)]).toEqual([10_000, 0]);
    clock.ms += 10_000;
    expect(budget.restMs(slow)).toBe(0);
    render(slow, 400);
    expect(budget.restMs(slow)).toBe(0); // it begins anew
  });

  it('is judged by its last twenty, also by those that failed', () => {
    const { budget, clock, render } = aBudget();
    const [steady, failing] = [newId<EmailId>(), newId<EmailId>()];
    for (let copies = 0; copies < 100; copies += 1) render(steady, 49);
    expect(budget.restMs(steady)).toBe(0);
    const fail = () =>
      budget.spend(failing, () => {
        clock.cpuMs += 600;
        throw new Error('it takes longer than 200 ms');
      });
    for (const _copy of [1, 2]) expect(fail).toThrow('takes longer');
    expect(budget.restMs(failing)).toBe(10_000);
  });
});

describe('turns to render', () => {
  const busyFor = (ms: number) => () => {
    const until = performance.now() + ms;
    while (performance.now() < until);
  };

  it('let others in between two that take long, however many wait', async () => {
    const turns = new RenderTurns();
    const order: string[] = [];
    const isRender = (what: string) => what === 'render';
    const renders = Array.from({ length: 10 }, () => turns.run(busyFor(6)).then(() => order.push('render')));
    const others = async (): Promise<void> => {
      await nextTurn();
      order.push('other');
      return order.filter(isRender).length < 10 ? others() : undefined;
    };
    await Promise.all([...renders, others()]);
    expect(order.join(' ')).not.toContain('render render');
  });

  it('go on behind one that fails, which alone does', async () => {
    const turns = new RenderTurns();
    const fails = turns.run(() => {
      throw new Error('of its own');
    });
    const good = turns.run(() => 'good');
    await expect(fails).rejects.toThrow('of its own');
    await expect(good).resolves.toBe('good');
  });
});
