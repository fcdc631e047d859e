import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { prettyStream } from './pretty-stream.js';

function lines(write: (log: ReturnType<typeof pino>) => void): string {
  let text = '';
  const stream = prettyStream({ write: (line) => (text += line) });
  const options = {
    base: { app: 'sender' },
    timestamp: () => ',"time":"2027-01-05T09:00:00.123Z"',
    formatters: { level: (level: string) => ({ level }) },
  };
  write(pino(options, stream));
  return text;
}

describe('a line for people', () => {
  it('has the time, the level, the app, the words and the fields', () => {
    expect(lines((log) => log.warn({ deliveries: 3, at: { a: 1 } }, 'claims were lost'))).toBe(
      '09:00:00.123 warn  sender claims were lost deliveries=3 at={"a":1}\n',
    );
  });

  it('says why; the stack only where something broke', () => {
    const error = new Error('no broker');
    expect(lines((log) => log.warn({ err: error }, 'trying again'))).toBe(
      '09:00:00.123 warn  sender trying again: no broker\n',
    );
    expect(lines((log) => log.error({ err: error }, 'it broke'))).toContain('it broke\nError: no broker\n    at ');
  });

  it('is one line, whatever somebody writes into it', () => {
    const text = lines((log) =>
      log.info({ id: 'a\n09:00:00.000 fatal forged' }, 'b\r\n09:00:00.000 fatal forged \u001b[2J'),
    );
    expect(text).toMatch(/^[^\p{Cc}]*\n$/u);
  });
});
