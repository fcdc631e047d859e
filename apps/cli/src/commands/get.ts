import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { campaignInWords, deliveryInWords, emailInWords, jobInWords } from '../words.js';

/** `mailtide get`: one thing as it is. */
export function addGet(program: Command, { mail, out }: Cli): void {
  program
    .command('get <id>')
    .description('an email (em_…), a delivery (dl_…), a job (job_…) or a campaign (cmp_…)')
    .action(async (id: string) => {
      if (id.startsWith('dl_')) {
        const delivery = await mail().deliveries.get(id);
        out.result(delivery, () => deliveryInWords(delivery));
      } else if (id.startsWith('job_')) {
        const job = await mail().jobs.get(id);
        out.result(job, () => jobInWords(job));
      } else if (id.startsWith('cmp_')) {
        const campaign = await mail().campaigns.get(id);
        out.result(campaign, () => campaignInWords(campaign));
      } else {
        const email = await mail().emails.get(id);
        out.result(email, () => emailInWords(email));
      }
    });
}
