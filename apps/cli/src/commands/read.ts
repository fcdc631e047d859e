import { type Command, InvalidArgumentError } from 'commander';
import type { EmailListItem, EmailQuery, TimelineEvent } from '#client';
import type { Cli } from '../cli.js';
import { deliveryInWords, emailInWords } from '../words.js';

/** `mailtide ls`, `get`, `timeline`, `explain`: what is there, and why it is not sent yet. */
export function addReading(program: Command, { mail, out }: Cli): void {
  program
    .command('ls')
    .description('emails, newest first')
    .option('--status <status...>', 'only these: scheduled, sent, failed ...')
    .option('--to <address>', 'only to this recipient')
    .option('--owner <id>', 'only of this owner')
    .option('--limit <n>', 'so many at most', wholeNumber, 25)
    .action(
      async ({
        status,
        to,
        owner,
        limit,
      }: {
        status?: EmailQuery['status'];
        to?: string;
        owner?: string;
        limit: number;
      }) => {
        const query = { ...(status && { status }), ...(to && { to }), ...(owner && { ownerId: owner }) };
        const emails: EmailListItem[] = [];
        for await (const email of mail().emails.list({ ...query, limit: String(Math.min(limit, 100)) })) {
          emails.push(email);
          if (emails.length >= limit) break;
        }
        const columns = {
          id: (email: EmailListItem) => email.id,
          status: (email: EmailListItem) => email.status,
          due: (email: EmailListItem) => email.scheduledAt,
          to: (email: EmailListItem) => email.to.join(', '),
          subject: (email: EmailListItem) => email.subject,
        };
        out.rows(emails, columns, 'There are no such emails.');
      },
    );

  program
    .command('get <id>')
    .description('an email (em_…), a delivery (dl_…) or a job (job_…)')
    .action(async (id: string) => {
      if (id.startsWith('dl_')) {
        const delivery = await mail().deliveries.get(id);
        return out.result(delivery, () => deliveryInWords(delivery));
      }
      if (id.startsWith('job_')) {
        const job = await mail().jobs.get(id);
        return out.result(job, () => JSON.stringify(job, null, 2));
      }
      const email = await mail().emails.get(id);
      return out.result(email, () => emailInWords(email));
    });

  program
    .command('timeline <id>')
    .description('what happened to an email or a delivery, oldest first')
    .action(async (id: string) => {
      const events: TimelineEvent[] = [];
      const pages = id.startsWith('dl_') ? mail().deliveries.events(id) : mail().emails.events(id);
      for await (const event of pages) events.push(event);
      const columns = {
        time: (event: TimelineEvent) => event.time,
        event: (event: TimelineEvent) => event.type,
        delivery: (event: TimelineEvent) => event.deliveryId,
        actor: (event: TimelineEvent) => event.actor,
        reply: (event: TimelineEvent) => replyOf(event.data),
      };
      out.rows(events, columns, 'Nothing has happened yet.');
    });

  program
    .command('explain <id>')
    .description('why an email or a delivery has not been sent yet')
    .action(async (id: string) => {
      const explanations = id.startsWith('dl_')
        ? [await mail().deliveries.explain(id)]
        : (await mail().emails.explain(id)).data;
      const columns = {
        delivery: (one: (typeof explanations)[number]) => one.deliveryId,
        status: (one: (typeof explanations)[number]) => one.status,
        'waits for': (one: (typeof explanations)[number]) =>
          one.waitingFor.map(({ reason }) => reason).join(', ') || 'nothing',
        'next at': (one: (typeof explanations)[number]) => one.nextEligibleAt,
      };
      out.rows(explanations, columns, 'It waits for nothing: all its copies have come to an end.');
    });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('a whole number from 1 on is needed');
}

function replyOf(data: object): string {
  const { reply, reason } = data as {
    reply?: { code: number; enhanced: string | null } | null;
    reason?: string | null;
  };
  return [reply?.code, reply?.enhanced, reason].filter((part) => part !== null && part !== undefined).join(' ');
}
