import { type Command, InvalidArgumentError } from 'commander';
import type { Cli } from '../cli.js';
import { deliveryInWords, emailInWords } from '../words.js';

/** `mailtide edit`, `cancel`, `send-now`, `pause`, `resume`: change what is not sent yet. */
export function addActing(program: Command, { mail, out }: Cli): void {
  program
    .command('edit <id>')
    .description('edit an email that is not armed yet')
    .option('--subject <text>', 'another subject')
    .option('--text <text>', 'another text')
    .option('--at <instant>', 'another time, with its offset')
    .option('--to <address...>', 'other recipients')
    .action(async (id: string, { at, ...patch }: { at?: string; subject?: string; text?: string; to?: string[] }) => {
      const email = await mail().emails.update(id, { ...patch, ...(at !== undefined && { scheduledAt: at }) });
      out.result(email, () => emailInWords(email));
    });

  program
    .command('cancel <id>')
    .description('cancel an email or a delivery: what is not armed will never be sent')
    .option('--wait <seconds>', 'wait for what is being sent now', seconds)
    .action(async (id: string, { wait }: { wait?: number }) => {
      if (id.startsWith('dl_')) {
        const delivery = await mail().deliveries.cancel(id);
        return out.result(delivery, () => deliveryInWords(delivery));
      }
      const email = await mail().emails.cancel(id, wait === undefined ? {} : { waitSeconds: wait });
      const { cancelled, alreadySent, inFlight } = email.cancellation;
      return out.result(
        email,
        () => `${email.id}  ${cancelled} cancelled, ${alreadySent} already sent, ${inFlight} in flight`,
      );
    });

  const simple = [
    ['send-now', 'make an email due now', (id: string) => mail().emails.sendNow(id)],
    ['pause', 'hold an email back', (id: string) => mail().emails.pause(id)],
    ['resume', 'let a paused email go on', (id: string) => mail().emails.resume(id)],
  ] as const;
  for (const [name, description, run] of simple) {
    program
      .command(`${name} <id>`)
      .description(description)
      .action(async (id: string) => {
        const email = await run(id);
        out.result(email, () => emailInWords(email));
      });
  }
}

function seconds(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 10) return value;
  throw new InvalidArgumentError('a whole number of seconds from 0 to 10 is needed');
}
