import type { Campaign, Mailtide } from '#client';
import type { Cli } from './cli.js';
import { showStates } from './watching.js';
import { copiesLine } from './words.js';

/** Shows a campaign until it has come to its end. Throws TimedOut. */
export async function watchCampaign({ mail, out }: Cli, id: string, timeoutSeconds: number | undefined): Promise<void> {
  let expected = 0;
  async function* states(signal: AbortSignal | undefined): AsyncGenerator<Campaign, void> {
    for await (const state of mail().campaigns.watch(id, { signal })) {
      if (state.expanding && expected === 0) expected = await expectedOf(mail(), state);
      yield state;
    }
  }
  const lineOf = (state: Campaign) => copiesLine(state, state.expanding ? expected : 0);
  await showStates({ out }, { id, states, lineOf, timeoutSeconds });
}

/** How many copies there will be when all are made: its job says so. */
async function expectedOf(mail: Mailtide, { jobId }: Campaign): Promise<number> {
  return jobId === null ? 0 : (await mail.jobs.get(jobId)).expected;
}
