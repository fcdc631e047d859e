import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ProcessId } from '#domain';
import { newId, type ProcessRow } from '#storage';
import { Silence } from './silence.js';

let nowMs: number;
let silence: Silence;
beforeEach(() => {
  nowMs = 0;
  silence = new Silence(30, () => nowMs);
});

const id = newId<ProcessId>();
const at = (beat: number, ended = false): ProcessRow => ({ id, app: 'sender', instance: 'a', beat: `${beat}`, ended });
/** Reads every second for so long. */
const after = (seconds: number, row: ProcessRow) => {
  for (let i = 1; i < seconds; i += 1) {
    nowMs += 1_000;
    silence.read([row]);
  }
  nowMs += seconds === 0 ? 0 : 1_000;
  return silence.read([row]);
};

describe('silence', () => {
  it('begins with the first reading: a poller that has just started takes nobody for dead', () => {
    nowMs = 1_000_000;
    expect(after(0, at(7))).toEqual({ dead: [], silent: [] });
    expect(after(29, at(7)).silent).toEqual([]);
    expect(after(1, at(7)).silent).toEqual([id]);
  });

  it('ends with every beat, forward or backward', () => {
    after(0, at(7));
    after(29, at(8));
    expect(after(29, at(3)).silent).toEqual([]);
    expect(after(1, at(3)).silent).toEqual([]);
    expect(after(1, at(3)).silent).toEqual([id]);
    expect(after(1, at(4)).silent).toEqual([]);
  });

  it('does not count readings that did not happen: while the database was away nobody could beat', () => {
    after(0, at(1));
    nowMs += 3_600_000;
    expect(after(0, at(1)).silent).toEqual([]);
    expect(after(26, at(1)).silent).toEqual([id]);
  });

  it('of one that has ended is death', () => {
    after(0, at(1));
    expect(after(60, at(1, true))).toEqual({ dead: [id], silent: [] });
  });
});
