import { decideRepeat, type EmailId, nextRun, PAST_TOLERANCE_MS, publicId, scheduleOfRun, seriesOf } from '#domain';
import { emailCreatedV1 } from '#events';
import {
  appendOutbox,
  type CampaignRef,
  type ChangeOf,
  type Database,
  emailUpdated,
  holdCampaignPacing,
  holdDueRun,
  holdJob,
  lockPacedLimit,
  lockSeries,
  makeRun,
  markAudience,
  newId,
  noteRun,
  outboxEvent,
  type Queryable,
  type Series,
} from '#storage';
import { asJob } from './steer-campaigns.js';

/**
 * Does what a campaign that repeats has to do now: makes its due run, leaves it out, or waits for the one before. The run and
 * how far the campaign is are stored together, so whoever dies in between has done nothing, and nobody does it twice.
 */
export function makeDueRun(db: Database, campaign: CampaignRef): Promise<void> {
  return db.of(campaign.tenantId).transaction(async (tx) => {
    if (!(await holdDueRun(tx, campaign))) return;
    await holdJob(tx, { ...campaign, id: asJob(campaign.id) });
    const series = await lockSeries(tx, campaign);
    if (!series || series.status === 'paused') return;
    if (series.isCancelled) return noteRun(tx, campaign, { last: null, next: null });
    await takeTurn(tx, campaign, series);
  });
}

async function takeTurn(tx: Queryable, campaign: CampaignRef, series: Series): Promise<void> {
  const repeat = seriesOf(series.repeat, series.schedule, series.startAt);
  const state = { last: series.lastRun ?? -Infinity, isBusy: series.isBusy };
  const turn = decideRepeat(repeat, state, series.repeat.overlap, series.nowMs);
  if (turn.kind === 'hold') return;
  if (turn.kind === 'run') await startRun(tx, campaign, series, turn.run);
  const last = turn.kind === 'wait' ? null : turn.run;
  const next = turn.kind === 'wait' ? turn.next : nextRun(repeat, turn.run);
  await noteRun(tx, campaign, { last, next });
  if (series.lastRun === null || next === null) await tellStatus(tx, campaign, series);
}

async function startRun(tx: Queryable, campaign: CampaignRef, series: Series, at: number): Promise<void> {
  const id = newId<EmailId>();
  // One that is late begins now: it is caught up on purpose, so its copies are not late.
  const startAt = series.nowMs - at <= PAST_TOLERANCE_MS ? at : null;
  const schedule = series.schedule && scheduleOfRun(series.schedule, at);
  const run = await makeRun(tx, campaign, { id, at, startAt, schedule });
  if (!run) return;
  const { mode, ownerId } = series;
  const pacing = await holdCampaignPacing(tx, { ...campaign, mode }, id);
  if (pacing) await lockPacedLimit(tx, campaign.tenantId, id, pacing);
  const about = { tenantId: campaign.tenantId, mode, source: 'scheduler', actor: 'system', emailId: id } as const;
  await appendOutbox(tx, [
    outboxEvent(
      emailCreatedV1,
      { ...about, deliveryId: null, version: 1 },
      {
        emailId: publicId('email', id),
        kind: 'campaign',
        class: 'bulk',
        scheduledAt: run.scheduledAt.toISOString(),
        total: run.recipients,
        ownerId,
        jobId: publicId('job', asJob(id)),
        version: 1,
      },
    ),
  ]);
}

/** It has begun, or come to its end: its job follows what is told of its email. */
async function tellStatus(tx: Queryable, campaign: CampaignRef, { mode, ownerId, startAt }: Series): Promise<void> {
  const version = await markAudience(tx, campaign, 'running');
  const of: ChangeOf = {
    tenantId: campaign.tenantId,
    mode,
    emailId: campaign.id,
    ownerId,
    jobId: asJob(campaign.id),
    source: 'scheduler',
    actor: 'system',
  };
  await appendOutbox(tx, [emailUpdated(of, ['status'], { version, scheduledAt: new Date(startAt) })]);
}
