import type { Campaign, Delivery, Email, Job, Uploaded } from '#client';
import { plain } from './table.js';

/** An email on a few lines. */
export function emailInWords({ id, status, subject, to, scheduledAt, counts }: Email): string {
  const what = [plain(subject), `to ${plain(to.join(', '))}`, `due ${scheduledAt}`, countsInWords(counts)];
  return [`${id}  ${status}`, ...what.map((line) => `  ${line}`)].join('\n');
}

/** A delivery with its attempts. */
export function deliveryInWords({ id, to, status, attempts, reason, reply, lateMs }: Delivery): string {
  const tries = attempts.map(({ attempt, outcome, phase, reply: said }) =>
    listed([`attempt ${attempt}: ${outcome} at ${phase}`, replyInWords(said)]),
  );
  const end = listed([reason, replyInWords(reply), lateMs === null ? null : `${Math.round(lateMs)} ms late`]);
  return [
    `${id}  ${status}  ${plain(to)}`,
    ...[...tries, end].flatMap((line) => (line === '' ? [] : [`  ${line}`])),
  ].join('\n');
}

/** A job on two lines. */
export const jobInWords = (job: Job): string =>
  `${job.id}  ${job.kind}  ${job.status}  ${percent(job.progress)}\n  ${workInWords(job)}`;

/** A job on one line that changes. */
export const jobLine = (job: Job): string => `${bar(job.progress)}  ${job.status}  ${workInWords(job)}`;

/** A campaign on one line. */
export const campaignInWords = ({ id, status, counts }: Campaign): string =>
  `${id}  ${status}  ${countsInWords(counts)}`;

/** An email or a campaign on one line that changes. @param expected how many copies there will be when all are made */
export const copiesLine = ({ status, counts }: Pick<Email | Campaign, 'status' | 'counts'>, expected = 0): string =>
  `${bar(shareDone(status, counts, expected))}  ${status}  ${countsInWords(counts)}`;

const FINAL: readonly string[] = ['completed', 'completed_with_errors', 'cancelled'];

function shareDone(status: string, { total, scheduled, queued, sending }: Email['counts'], expected: number): number {
  const all = Math.max(total, expected);
  if (all === 0) return FINAL.includes(status) ? 1 : 0;
  return (total - scheduled - queued - sending) / all;
}

/** What a job has done: copies, or rows. */
export const workInWords = ({ counts, rows }: Job): string =>
  counts ? countsInWords(counts) : rows ? `${rows.done} of ${rows.total} rows, ${rows.rejected} rejected` : '';

/** `3 copies: 2 sent, 1 failed`. */
export function countsInWords({ total, ...states }: Email['counts']): string {
  const parts = Object.entries(states).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []));
  return `${total} ${total === 1 ? 'copy' : 'copies'}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

/** `3 recipients, 0 merged, 1 rejected`. */
export function uploadedInWords({ accepted, merged, rejected, badTimeZones }: Uploaded): string {
  const parts = [`${accepted} recipients`, `${merged} merged`, `${rejected} rejected`];
  return [...parts, ...(badTimeZones > 0 ? [badZonesInWords(badTimeZones)] : [])].join(', ');
}

/** Nobody stumbles over a zone that is none, so it is said. */
export const badZonesInWords = (count: number): string => `${count} with a time zone that is none`;

export const percent = (share: number): string => `${String(Math.round(share * 100)).padStart(3)} %`;

const BAR = 30;

export function bar(share: number): string {
  const full = Math.round(share * BAR);
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${percent(share)}`;
}

/** `550 5.1.1 no such user`. */
export const replyInWords = (reply: Delivery['reply']): string | null =>
  reply && plain([reply.code, reply.text ?? reply.enhanced].filter((part) => part !== null).join(' '));

const listed = (parts: readonly (string | null)[]): string => parts.filter((part) => part !== null).join(', ');
