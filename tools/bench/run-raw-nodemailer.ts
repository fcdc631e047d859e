import type { RawRun } from './raw-nodemailer.js';
import { SideProcess } from './side-process.js';

const WARM_UP = 1_000;

/** The yardstick, in a process of its own: nodemailer's pool sends so many mails to the SMTP server on this port. */
export async function runRawNodemailer(smtpPort: number, mails: number): Promise<RawRun> {
  const { process: raw, hello: run } = await SideProcess.start<RawRun>(
    './raw-nodemailer.js',
    [smtpPort, mails, WARM_UP].map(String),
  );
  await raw.stop();
  return run;
}

export const rawRate = ({ mails, seconds }: RawRun): number => mails / seconds;
