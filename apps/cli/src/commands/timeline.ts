import type { Command } from 'commander';
import type { TimelineEvent } from '#client';
import type { Cli } from '../cli.js';

const COLUMNS = {
  time: ({ time }: TimelineEvent) => time,
  event: ({ type }: TimelineEvent) => type,
  delivery: ({ deliveryId }: TimelineEvent) => deliveryId,
  actor: ({ actor }: TimelineEvent) => actor,
  reply: ({ data }: TimelineEvent) => replyIn(data),
};

/** `mailtide timeline`: what happened. */
export function addTimeline(program: Command, { mail, out }: Cli): void {
  program
    .command('timeline <id>')
    .description('what happened to an email, a delivery or a campaign, oldest first')
    .action(async (id: string) => {
      const events: TimelineEvent[] = [];
      for await (const event of eventsOf(id)) events.push(event);
      out.rows(events, COLUMNS, 'Nothing has happened yet.');
    });

  const eventsOf = (id: string): AsyncIterable<TimelineEvent> => {
    if (id.startsWith('dl_')) return mail().deliveries.events(id);
    return id.startsWith('cmp_') ? mail().campaigns.events(id) : mail().emails.events(id);
  };
}

interface Reply {
  readonly code: number;
  readonly enhanced: string | null;
}

/** Of deliveries: what the server said, and why it ended. */
function replyIn(data: object): string {
  const { reply, reason } = data as { readonly reply?: Reply | null; readonly reason?: string | null };
  const { code, enhanced } = reply ?? { code: null, enhanced: null };
  return [code, enhanced, reason].filter((part) => part !== null && part !== undefined).join(' ');
}
