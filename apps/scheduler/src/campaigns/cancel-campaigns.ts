import { cancellationOf, isOpen, mayHaveArrived } from '#domain';
import {
  appendOutbox,
  callOff,
  cancelCopies,
  copiesCalledOff,
  copiesCancelled,
  countAudience,
  emailCancelled,
  holdLine,
  lockClaimed,
  markAudience,
  openJob,
  pairs,
  planSweep,
  type Queryable,
} from '#storage';
import { type Steered, steerCampaigns } from './steer-campaigns.js';

/**
 * Cancels emails with an audience (reliability 2.1.2). The fact first: no gate lets a copy through from now on, no claim takes one,
 * and the making of copies ends. Then what is claimed, for there a gate may have looked before. Then what is at a server is
 * counted. What waits, up to a million, follows in chunks: nobody can send it any more.
 */
export const cancelCampaigns = steerCampaigns('cancel', async (tx, steered) => {
  const { campaign, email, of } = steered;
  const version = await markAudience(tx, campaign, 'cancelled');
  if (email.status === 'draft') {
    await openJob(tx, campaign);
    return appendOutbox(tx, [emailCancelled(of, NOTHING, version)]);
  }
  await holdLine(tx, campaign, true);
  await endClaimed(tx, steered);
  const caught = cancellationOf(await countAudience(tx, campaign));
  await planSweep(tx, campaign, caught.final);
  return appendOutbox(tx, [emailCancelled(of, caught, version)]);
});

const NOTHING = { cancelled: 0, alreadySent: 0, inFlight: 0, final: true } as const;

/** What may have arrived ends as `unknown`, never as cancelled. */
async function endClaimed(tx: Queryable, { campaign, of }: Steered): Promise<void> {
  const claimed = await lockClaimed(tx, campaign);
  const open = claimed.filter(isOpen);
  const ambiguous = claimed.filter(mayHaveArrived);
  const cancelled = await cancelCopies(tx, campaign.tenantId, idsOf(open), 'cancelled_by_user');
  const ended = await callOff(tx, campaign.tenantId, idsOf(ambiguous));
  await appendOutbox(tx, [
    ...copiesCancelled(of, pairs(open, cancelled), 'cancelled_by_user'),
    ...copiesCalledOff(of, pairs(ambiguous, ended)),
  ]);
}

const idsOf = (copies: Awaited<ReturnType<typeof lockClaimed>>) => copies.map(({ id }) => id);
