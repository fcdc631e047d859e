import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseScript, type ScriptStep } from './script.js';

describe('the script of a recipient', () => {
  it.each<[string, ScriptStep[]]>([
    ['ada@x.test', []],
    ['ada+bounce@x.test', [{ kind: 'bounce' }]],
    ['ada+soft@x.test', [{ kind: 'soft', attempts: 1 }]],
    ['ada+soft.3@x.test', [{ kind: 'soft', attempts: 3 }]],
    ['ada+slow.5s@x.test', [{ kind: 'slow', delayMs: 5_000 }]],
    ['ada+slow.2m@x.test', [{ kind: 'slow', delayMs: 120_000 }]],
    ['ada+slow.1h@x.test', [{ kind: 'slow', delayMs: 3_600_000 }]],
    ['ada+slow.1d@x.test', [{ kind: 'slow', delayMs: 86_400_000 }]],
    ['ada+drop-after-data@x.test', [{ kind: 'drop', keep: true }]],
    ['ada+drop-after-data.lost@x.test', [{ kind: 'drop', keep: false }]],
    ['ADA+SOFT@x.test', [{ kind: 'soft', attempts: 1 }]],
  ])('of %s is %j', (address, steps) => expect(parseScript(address).steps).toEqual(steps));

  it('keeps the order of its parts', () => {
    expect(parseScript('ada+slow.5s+soft.2+drop-after-data@x.test')).toEqual({
      text: 'slow.5s+soft.2+drop-after-data',
      steps: [
        { kind: 'slow', delayMs: 5_000 },
        { kind: 'soft', attempts: 2 },
        { kind: 'drop', keep: true },
      ],
    });
  });

  it.each(['ada+news@x.test', 'ada+soft.0@x.test', 'ada+slow@x.test', 'ada+slow.5w@x.test', 'soft@x.test', '+@x', ''])(
    'is empty in %s',
    (address) => expect(parseScript(address)).toEqual({ steps: [], text: null }),
  );

  it('is found among ordinary tags', () => {
    expect(parseScript('ada+news+soft@x.test')).toEqual({ text: 'soft', steps: [{ kind: 'soft', attempts: 1 }] });
  });

  it('never throws and never waits longer than a timer can', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(9_999_999), fc.constantFrom('s', 'm', 'h', 'd'), (name, count, unit) => {
        parseScript(name);
        const [step] = parseScript(`ada+slow.${count}${unit}@x.test`).steps;
        expect(step?.kind === 'slow' && step.delayMs >= 0 && step.delayMs < 2 ** 31).toBe(true);
      }),
    );
  });

  it('says again in its text what it has understood', () => {
    const part = fc.constantFrom(
      'bounce',
      'soft',
      'soft.7',
      'slow.3m',
      'drop-after-data',
      'drop-after-data.lost',
      'tag',
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const script = parseScript(['ada', ...parts].join('+') + '@x.test');
        const known = parts.filter((text) => text !== 'tag');
        expect(script.steps).toHaveLength(known.length);
        expect(script.text).toBe(known.length > 0 ? known.join('+') : null);
      }),
    );
  });
});
