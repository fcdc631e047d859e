import type { MailtideRun } from './mailtide-run.js';
import type { Spread } from './percentile.js';
import type { RawRun } from './raw-nodemailer.js';
import { rawRate } from './run-raw-nodemailer.js';

export interface BenchResult {
  readonly count: number;
  readonly rep: number;
  readonly cores: number;
  /** The load average of the last minute, before and after. */
  readonly load: readonly [number, number];
  readonly rawBefore: RawRun;
  readonly rawAfter: RawRun;
  readonly mailtide: MailtideRun;
}

export const rate = ({ count, mailtide }: BenchResult): number => count / mailtide.seconds;
const meanRawRate = ({ rawBefore, rawAfter }: BenchResult): number => (rawRate(rawBefore) + rawRate(rawAfter)) / 2;
/** Emails a second, as a part of what nodemailer alone reached in the same minute. */
export const ratio = (result: BenchResult): number => rate(result) / meanRawRate(result);

const rawCpuUs = ({ rawBefore, rawAfter }: BenchResult): number =>
  (rawBefore.cpuUs / rawBefore.mails + rawAfter.cpuUs / rawAfter.mails) / 2;

const APPS = ['scheduler', 'poller', 'sender', 'gateway'];
const appsCpuUs = (us: Readonly<Record<string, number>>): number =>
  APPS.reduce((sum, name) => sum + (us[name] ?? 0), 0);

/** One line for programs. */
export function jsonLine(result: BenchResult): string {
  const { mailtide, rawBefore, rawAfter } = result;
  return JSON.stringify({
    name: 'mailtide',
    count: result.count,
    rep: result.rep,
    cores: result.cores,
    load: result.load,
    rate: round(rate(result)),
    ratio: round(ratio(result), 3),
    rawRates: [round(rawRate(rawBefore)), round(rawRate(rawAfter))],
    rawCpuUs: round(rawCpuUs(result)),
    seconds: round(mailtide.seconds, 3),
    handedOverMs: rounded(mailtide.handedOver),
    acceptedMs: rounded(mailtide.accepted),
    createRate: round(result.count / mailtide.create.seconds),
    createMs: rounded(mailtide.create.took),
    appsCpuUs: round(appsCpuUs(mailtide.sendingUs)),
    sendingCpuUs: roundedAll(mailtide.sendingUs),
    creatingCpuUs: roundedAll(mailtide.creatingUs),
    idlePercent: roundedAll(mailtide.idlePercent, 1),
    memoryMib: mailtide.memory,
    walBytesPerEmail: round(mailtide.walBytesPerEmail),
    commitsPerThousand: round(mailtide.commitsPerThousand, 1),
    armBatch: round(mailtide.batches.arm, 1),
    settleBatch: round(mailtide.batches.settle, 1),
    void: mailtide.void,
  });
}

/** The same for people. */
export function table(result: BenchResult): string {
  const { mailtide, count, cores, load, rawBefore, rawAfter } = result;
  const isVoid = mailtide.void.length > 0;
  return [
    '',
    `${number(count)} emails due at one instant; ${cores} cores, load ${load.map((value) => value.toFixed(1)).join(' before, ')} after`,
    '',
    row('', ['emails/s', 'of raw']),
    row('raw nodemailer, before', [number(rawRate(rawBefore))]),
    row('Mailtide, until status and event are durable', [number(rate(result)), ratio(result).toFixed(2)]),
    row('raw nodemailer, after', [number(rawRate(rawAfter))]),
    row('creating, one email a request', [number(count / mailtide.create.seconds)]),
    '',
    row('ms after the due instant', ['first', 'p50', 'p99', 'last']),
    row('handed over (work order in Kafka)', cells(mailtide.handedOver)),
    row('accepted by the SMTP server', cells(mailtide.accepted)),
    row('answer to a create request, ms', cells(mailtide.create.took)),
    '',
    row('CPU an email, µs', ['creating', 'sending', 'idle, %', 'MiB']),
    ...Object.keys(mailtide.sendingUs).map((name) => cpuRow(mailtide, name)),
    row('the four apps together', [number(appsCpuUs(mailtide.creatingUs)), number(appsCpuUs(mailtide.sendingUs))]),
    row('raw nodemailer', ['', number(rawCpuUs(result))]),
    '',
    row('Postgres: commits for 1,000 emails', [number(mailtide.commitsPerThousand)]),
    row('Postgres: WAL bytes an email (of the whole server)', [number(mailtide.walBytesPerEmail)]),
    row('sender: emails in an arm, in a settle', [mailtide.batches.arm.toFixed(1), mailtide.batches.settle.toFixed(1)]),
    '',
    isVoid ? `VOID: ${mailtide.void.join('; ')}` : `sink and rows agree: ${number(count)} sent, none twice, none early`,
    '',
  ].join('\n');
}

function cpuRow({ creatingUs, sendingUs, idlePercent, memory }: MailtideRun, name: string): string {
  const idle = idlePercent[name]?.toFixed(1) ?? '–';
  return row(`  ${name}`, [number(creatingUs[name]), number(sendingUs[name]), idle, number(memory[name])]);
}

const cells = ({ min, p50, p99, max }: Spread): string[] => [min, p50, p99, max].map((ms) => ms.toFixed(1));

const row = (label: string, values: readonly string[]): string =>
  `${label.padEnd(52)}${values.map((value) => value.padStart(10)).join('')}`.trimEnd();

const number = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '–' : Math.round(value).toLocaleString('en');

const round = (value: number, digits = 0): number => Number(value.toFixed(digits));

const rounded = ({ min, p50, p99, max }: Spread): Spread => ({
  min: round(min, 1),
  p50: round(p50, 1),
  p99: round(p99, 1),
  max: round(max, 1),
});

const roundedAll = (values: Readonly<Record<string, number>>, digits = 0): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(value, digits)]));
