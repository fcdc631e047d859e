import type { Command } from 'commander';
import type { Campaign, CancelledCampaign, CancelledEmail, Email, Job } from '#client';
import { wholeNumber } from '../arguments.js';
import type { Cli } from '../cli.js';
import { campaignInWords, deliveryInWords, emailInWords, jobInWords } from '../words.js';

/** `mailtide cancel`, `send-now`, `pause`, `resume`: what can be done with what is not sent yet. */
export function addActing(program: Command, { mail, out }: Cli): void {
  program
    .command('cancel <id>')
    .description('cancel an email, a delivery, a job or a campaign: what no server has yet will never be sent')
    .option('--wait <seconds>', 'of an email: wait for what is being sent now', wholeNumber(0, 10))
    .action(async (id: string, { wait }: { readonly wait?: number }) => {
      if (id.startsWith('dl_')) return showDelivery(id);
      if (id.startsWith('job_')) return showJob(mail().jobs.cancel(id));
      if (id.startsWith('cmp_')) return showCancelled(await mail().campaigns.cancel(id));
      return showCancelled(await mail().emails.cancel(id, wait === undefined ? {} : { waitSeconds: wait }));
    });

  program
    .command('send-now <id>')
    .description('make an email due now')
    .action((id: string) => showEmail(mail().emails.sendNow(id)));

  for (const verb of ['pause', 'resume'] as const) {
    program
      .command(`${verb} <id>`)
      .description(verb === 'pause' ? 'hold an email, a job or a campaign back' : 'let what is paused go on')
      .action((id: string) => {
        if (id.startsWith('job_')) return showJob(mail().jobs[verb](id));
        return id.startsWith('cmp_') ? showCampaign(mail().campaigns[verb](id)) : showEmail(mail().emails[verb](id));
      });
  }

  const showEmail = async (acting: Promise<Email>): Promise<void> => {
    const email = await acting;
    out.result(email, () => emailInWords(email));
  };
  const showJob = async (acting: Promise<Job>): Promise<void> => {
    const job = await acting;
    out.result(job, () => jobInWords(job));
  };
  const showCampaign = async (acting: Promise<Campaign>): Promise<void> => {
    const campaign = await acting;
    out.result(campaign, () => campaignInWords(campaign));
  };
  const showCancelled = (of: CancelledEmail | CancelledCampaign): void => {
    const { cancelled, alreadySent, inFlight } = of.cancellation;
    out.result(of, () => `${of.id}: ${cancelled} cancelled, ${alreadySent} already sent, ${inFlight} in flight`);
  };
  const showDelivery = async (id: string): Promise<void> => {
    const delivery = await mail().deliveries.cancel(id);
    out.result(delivery, () => deliveryInWords(delivery));
  };
}
