import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { logOptions } from './log.js';

describe('an error of Postgres', () => {
  it('is logged without the row that it quotes', () => {
    let line = '';
    const log = pino(logOptions({ app: 'scheduler', level: 'info' }), { write: (text: string) => (line += text) });
    const err = Object.assign(new Error('duplicate key value violates unique constraint "copies_once"'), {
      code: '23505',
      detail: 'Key (address)=(ada@example.com) already exists.',
      where: `COPY copies, line 1: "ada@example.com"`,
      internalQuery: `select 'ada@example.com'`,
    });
    log.error({ err }, 'request failed');
    expect(line).toContain('23505');
    expect(line).toContain('copies_once');
    expect(line).not.toContain('ada@example.com');
  });
});
