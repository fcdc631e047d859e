import { setTimeout as pause } from 'node:timers/promises';
import { percentile } from '../bench/percentile.js';
import { until } from '../bench/until.js';
import type { Arrival } from '../chaos/evidence.js';
import { Witnessed } from './database.js';
import { csv } from './limits.js';
import type { Proof } from './proof.js';
import { progress, Stage } from './stage.js';

const URGENT = 100;
const BETWEEN_MS = 100;
const AHEAD_MS = 1_500;
const WITHIN_MS = 50;

/** Transactional mail is as quick beside two campaigns as it is alone. */
export const lanes: Proof = {
  name: 'lanes',
  about: '100 transactional emails alone, and the same beside two campaigns',
  recipients: 20_000,
  async run({ recipients }, undo) {
    const stage = await Stage.set(
      { name: 'lanes', replicas: { scheduler: 1, poller: 1, sender: 1, gateway: 1 } },
      undo,
    );
    await latenessOf(stage, 'warm-up');
    const alone = await latenessOf(stage, 'alone');
    progress('two campaigns');
    for (const name of ['one', 'other']) {
      const body = { name, subject: 'Hi', text: 'It works', pacing: { spread: 'burst' }, draft: true };
      const id = String((await stage.api.must('POST', '/v1/campaigns', body))['id']);
      await stage.api.upload(`/v1/campaigns/${id}/recipients`, 'text/csv', csv(recipients));
      await stage.api.must('POST', `/v1/campaigns/${id}/start`);
    }
    const before = await stage.arrived();
    await until('campaigns under way', 60_000, async () => (await stage.arrived()) > before + 500);
    const beside = await latenessOf(stage, 'beside');
    const campaignMails = (await stage.arrived()) - before - URGENT;
    const later = beside.p99 - alone.p99;
    const db = await Witnessed.open(stage.servers.databaseUrl);
    undo.add(() => db.stop());
    return {
      problems: [
        later <= WITHIN_MS ? [] : [`p99 is ${Math.round(later)} ms later beside the campaigns`],
        campaignMails < 2 * recipients ? [] : ['the campaigns were over before: more recipients are needed'],
      ].flat(),
      figures: {
        urgent: URGENT,
        aloneMs: alone,
        besideMs: beside,
        campaignMailsMeanwhile: campaignMails,
        stages: await db.rows(STAGES),
      },
    };
  },
};

/** Where the milliseconds went: p99 of each stretch on the way. */
const STAGES = `
select e.subject, p99(a.started_at - d.eligible_at) as until_begun, p99(a.armed_at - a.started_at) as until_armed, p99(a.ended_at - a.armed_at) as until_ended
from emails e join deliveries d on d.tenant_id = e.tenant_id and d.email_id = e.id
join attempts a on a.tenant_id = d.tenant_id and a.delivery_id = d.id
where e.subject in ('alone', 'beside') group by e.subject order by e.subject`.replaceAll(
  /p99\(([^)]*)\)/g,
  'round(1000 * percentile_cont(0.99) within group (order by extract(epoch from $1)::float8))::int',
);

/** Milliseconds from an email's due instant to its arrival. */
async function latenessOf(stage: Stage, subject: string): Promise<{ p50: number; p99: number }> {
  const dueAt = new Map<string, number>();
  for (let n = 0; n < URGENT; n += 1) {
    const at = new Date(Date.now() + AHEAD_MS).toISOString();
    const email = await stage.api.must('POST', '/v1/emails', {
      to: `u${n}@prove.test`,
      subject,
      text: 'x',
      scheduledAt: at,
    });
    const [delivery] = email['deliveries'] as { id: string }[];
    dueAt.set(delivery?.id ?? '', Date.parse(String(email['scheduledAt'])));
    await pause(BETWEEN_MS);
  }
  const ours = (arrivals: readonly Arrival[]) => arrivals.filter(({ deliveryId }) => dueAt.has(deliveryId));
  await until(`${subject}: all arrived`, 60_000, async () => ours(await stage.arrivals()).length >= URGENT);
  const late = ours(await stage.arrivals()).map(({ deliveryId, atMs }) => atMs - (dueAt.get(deliveryId) ?? 0));
  const sorted = late.toSorted((a, b) => a - b);
  return { p50: Math.round(percentile(sorted, 50)), p99: Math.round(percentile(sorted, 99)) };
}
