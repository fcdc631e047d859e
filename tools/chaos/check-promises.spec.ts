import { describe, expect, it } from '@jest/globals';
import { checkPromises } from './check-promises.js';
import type { Arrival, Evidence, FinalRow, LedgerEntry } from './evidence.js';

const DUE = 1_000;
const entry: LedgerEntry = {
  emailId: 'em_1',
  deliveryId: 'dl_1',
  recipient: 'a@x.test',
  dueAtMs: DUE,
  subjects: ['one'],
  cancel: null,
  edit: null,
};
const arrival: Arrival = { deliveryId: 'dl_1', subject: 'one', atMs: DUE + 5, answered: true };
const row: FinalRow = { deliveryId: 'dl_1', status: 'sent', possibleDuplicate: false, ambiguous: 0 };
const good: Evidence = {
  ledger: [entry],
  arrivals: [arrival],
  rows: [row],
  told: [{ deliveryId: 'dl_1', status: 'sent' }],
};

const promises = (change: Partial<Evidence>): string[] =>
  checkPromises({ ...good, ...change }).map(({ promise }) => promise);
const ended = (status: string, more: Partial<FinalRow> = {}) => ({
  rows: [{ ...row, status, ...more }],
  told: [{ deliveryId: 'dl_1', status }],
});

describe('the checker', () => {
  it('finds nothing where nothing is wrong', () => expect(promises({})).toEqual([]));

  it.each<[string, Partial<Evidence>]>([
    ['never lost', { rows: [] }],
    ['never lost', ended('queued')],
    ['truth', { arrivals: [] }],
    ['truth', ended('failed')],
    ['truth', { ...ended('unknown') }],
    ['never early', { arrivals: [{ ...arrival, atMs: DUE - 1 }] }],
    ['never after a confirmed cancel', { ledger: [{ ...entry, cancel: { end: 'ok', status: 200, answeredAtMs: 5 } }] }],
    ['a cancelled email says so', { ...ended('cancelled'), arrivals: [] }],
    ['no unreported duplicate', { arrivals: [arrival, arrival] }],
    ['no unreported duplicate', { ...ended('sent', { ambiguous: 1 }), arrivals: [arrival, arrival] }],
    [
      'a confirmed edit binds',
      { ledger: [{ ...entry, subjects: ['one', 'two'], edit: { end: 'ok', subject: 'two', answeredAtMs: DUE } }] },
    ],
    ['content as accepted', { arrivals: [{ ...arrival, subject: 'other' }] }],
    ['the status is told', { told: [] }],
    ['no phantom', { arrivals: [arrival, { ...arrival, deliveryId: 'dl_2' }] }],
  ])('catches what breaks "%s"', (promise, change) => expect(promises(change)).toEqual([promise]));

  it('takes a marked duplicate for what it is', () => {
    const marked = ended('sent', { ambiguous: 1, possibleDuplicate: true });
    expect(promises({ ...marked, arrivals: [{ ...arrival, answered: false }, arrival] })).toEqual([]);
  });
});
