import { type Command, InvalidArgumentError } from 'commander';
import type { Campaign, NewCampaign, Plan, Uploaded } from '#client';
import { fileOrInput, seconds } from '../arguments.js';
import type { Cli } from '../cli.js';
import { createWithFile } from '../create-with-file.js';
import { inlineRecipients } from '../inline-recipients.js';
import { openRecipients } from '../recipients-file.js';
import { watchCampaign } from '../watch-campaign.js';
import { badZonesInWords, campaignInWords, uploadedInWords } from '../words.js';

const BUCKETS = {
  from: ({ from }: Plan['buckets'][number]) => from,
  to: ({ to }: Plan['buckets'][number]) => to,
  count: ({ count }: Plan['buckets'][number]) => count,
};

interface Wish {
  readonly file: NewCampaign;
  readonly recipients?: string;
}

/** `mailtide campaign`: one content to many, at a pace. */
export function addCampaign(program: Command, cli: Cli): void {
  const { mail, out } = cli;
  const campaign = program.command('campaign').description('one content to many, at a pace');

  campaign
    .command('plan')
    .description('when a campaign would be sent; nothing is stored')
    .requiredOption(
      '-f, --file <json>',
      'the campaign as the API takes it; "-" reads it from standard input',
      campaignIn,
    )
    .option('--recipients <file>', 'whom it would go to, at most 10000: .csv with a header row, or .ndjson')
    .action(async ({ file, recipients }: Wish) => {
      const plan = await mail().campaigns.planOf(recipients === undefined ? file : await withRows(file, recipients));
      out.rows(plan.buckets, BUCKETS, 'Nobody is sent to.', plan);
      if (plan.badTimeZones > 0) out.note(`${badZonesInWords(plan.badTimeZones)}\n`);
    });

  campaign
    .command('create')
    .description('create a campaign; with --recipients it starts when they are uploaded')
    .requiredOption(
      '-f, --file <json>',
      'the campaign as the API takes it; "-" reads it from standard input',
      campaignIn,
    )
    .option('--recipients <file>', 'whom it goes to: .csv with a header row, or .ndjson')
    .action(async ({ file, recipients }: Wish) => {
      if (recipients === undefined) return show(mail().campaigns.create(file));
      const note = (uploaded: Uploaded) => out.note(`${uploadedInWords(uploaded)}\n`);
      return show(createWithFile(mail(), { file, recipients }, note));
    });

  for (const verb of ['start', 'pause', 'resume', 'cancel'] as const) {
    campaign
      .command(`${verb} <id>`)
      .description(WHAT[verb])
      .action((id: string) => show(mail().campaigns[verb](id)));
  }

  campaign
    .command('watch <id>')
    .description('watch a campaign until it has come to its end')
    .option('--timeout <seconds>', 'give up after so long (status 5)', seconds)
    .action((id: string, { timeout }: { readonly timeout?: number }) => watchCampaign(cli, id, timeout));

  const show = async (acting: Promise<Campaign>): Promise<void> => {
    const state = await acting;
    out.result(state, () => campaignInWords(state));
  };
}

const withRows = async (file: NewCampaign, path: string): Promise<NewCampaign> => ({
  ...file,
  recipients: [...(file.recipients ?? []), ...(await inlineRecipients(await openRecipients(path)))],
});

const WHAT = {
  start: 'start a draft',
  pause: 'hold it back',
  resume: 'let it go on',
  cancel: 'cancel it: what no server has yet will never be sent',
} as const;

function campaignIn(path: string): NewCampaign {
  const text = fileOrInput(path);
  try {
    return JSON.parse(text) as NewCampaign; // the API judges it
  } catch {
    throw new InvalidArgumentError('it is no JSON');
  }
}
