import type { Command } from 'commander';
import type { Explanation } from '#client';
import type { Cli } from '../cli.js';

const COLUMNS = {
  delivery: ({ deliveryId }: Explanation) => deliveryId,
  status: ({ status }: Explanation) => status,
  'waits for': ({ waitingFor }: Explanation) => waitingFor.map(({ reason }) => reason).join(', ') || 'nothing',
  'next at': ({ nextEligibleAt }: Explanation) => nextEligibleAt,
};

/** `mailtide explain`: why not yet? */
export function addExplain(program: Command, { mail, out }: Cli): void {
  program
    .command('explain <id>')
    .description('why an email or a delivery has not been sent yet')
    .action(async (id: string) => {
      const explanations = id.startsWith('dl_')
        ? [await mail().deliveries.explain(id)]
        : (await mail().emails.explain(id)).data;
      out.rows(explanations, COLUMNS, 'It waits for nothing: all its copies have come to an end.');
    });
}
