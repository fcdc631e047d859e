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
const after = (seconds: number, row: ProcessRow) => {
  nowMs += seconds * 1000;
  return silence.read([row]);
};

describe('silence', () => {
  it('begins with the first reading: a poller that has just started takes nobody for dead', () => {
    nowMs = 1_000_000;
    expect(after(0, at(7))).toEqual({ dead: [], silent: [] });
    expect(after(29.9, at(7)).silent).toEqual([]);
    expect(after(0.1, at(7)).silent).toEqual([id]);
  });

  it('ends with every beat, forward or backward', () => {
    after(0, at(7));
    after(29, at(8));
    expect(after(29, at(3)).silent).toEqual([]);
    expect(after(29, at(3)).silent).toEqual([]);
    expect(after(2, at(3)).silent).toEqual([id]);
    expect(after(1, at(4)).silent).toEqual([]);
  });

  it('does not count readings that did not happen: a poller that slept counts from what it knows', () => {
    after(0, at(1));
    expect(after(3_600, at(3_601)).silent).toEqual([]);
  });

  it('of one that has ended is death', () => {
    after(0, at(1));
    expect(after(60, at(1, true))).toEqual({ dead: [id], silent: [] });
  });
});
