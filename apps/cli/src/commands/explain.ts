import type { Command } from 'commander';
import type { Explanation } from '#client';
import type { Cli } from '../cli.js';

const COLUMNS = {
  delivery: ({ deliveryId }: Explanation) => deliveryId,
  status: ({ status }: Explanation) => status,
  'waits for': ({ waitingFor }: Explanation) => waitingFor.map(waitInWords).join(', ') || 'nothing',
  'next at': ({ nextEligibleAt }: Explanation) => nextEligibleAt,
};

/** `limit (tenant: 5 of 5 in 3600 s)`. */
const waitInWords = ({ reason, scope, max, used, windowSeconds }: Explanation['waitingFor'][number]): string =>
  max === null ? reason : `${reason} (${scope}: ${used} of ${max} in ${windowSeconds} s)`;

/** `mailtide explain`: why not yet? */
export function addExplain(program: Command, { mail, out }: Cli): void {
  program
    .command('explain <id>')
    .description('why an email, a delivery or a campaign has not been sent yet')
    .action(async (id: string) => {
      const explanations = id.startsWith('dl_')
        ? [await mail().deliveries.explain(id)]
        : id.startsWith('cmp_')
          ? (await mail().campaigns.explain(id).page()).data
          : (await mail().emails.explain(id)).data;
      out.rows(explanations, COLUMNS, 'It waits for nothing: all its copies have come to an end.');
    });
}
