import { createTransport } from 'nodemailer';
import { FROM, recipient, subject, TEXT } from './bench-mail.js';

/** The yardstick: what one process does that does nothing else. */
export interface RawRun {
  readonly mails: number;
  readonly seconds: number;
  readonly cpuUs: number;
}

/** Nodemailer's pool of 20 in a process of its own: no queue, no database, no status. Arguments: port, mails, warm-up. */
const [port, mails, warmUp] = process.argv.slice(2).map(Number) as [number, number, number];
const CONNECTIONS = 20;

const transport = createTransport({
  host: '127.0.0.1',
  port,
  secure: false,
  ignoreTLS: true,
  pool: true,
  maxConnections: CONNECTIONS,
  maxMessages: Infinity,
});

process.on('disconnect', () => process.exit(0));
await send(warmUp);
const began = performance.now();
const cpu = process.cpuUsage();
await send(mails);
const used = process.cpuUsage(cpu);
const result: RawRun = { mails, seconds: (performance.now() - began) / 1000, cpuUs: used.user + used.system };
process.send?.(result, () => process.exit(0));

/** Twice as many at work as connections, so that no connection ever waits for the next mail. */
async function send(count: number): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < count) {
      const i = next++;
      await transport.sendMail({ from: FROM, to: recipient(i), subject: subject(i), text: TEXT });
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS * 2 }, work));
}
