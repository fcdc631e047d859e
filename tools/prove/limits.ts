import { until } from '../bench/until.js';
import type { Undo } from '../bench/undo.js';
import { seededRandom } from '../chaos/random.js';
import { Witnessed } from './database.js';
import type { Proof, Proved } from './proof.js';
import { mostInWindow } from './rolling.js';
import { progress, Stage } from './stage.js';
import { usedShare } from './used-share.js';

const WINDOW_S = 120;
const RATE_S = 10;
/** What the planner counts beyond the window: a grant may be used for so long after it was taken (semantics 4). */
const SLACK_S = 25;
const CHUNK = 10_000;
/** Until so many have arrived there is always more than the limits let go; what comes then are the last ones of those that died. */
const WORK_WAITS = 0.95;

/** A limit of two minutes and a rate of ten seconds hold in every window, whatever is killed and however they change. */
export const limits: Proof = {
  name: 'limits',
  about: 'recipients under a limit of 120 s and a rate of 10 s, pollers and senders killed, the limit changed twice',
  recipients: 10_000,
  async run({ recipients, seed, killEverySeconds }, undo: Undo): Promise<Proved> {
    const stage = await Stage.set(
      { name: 'limits', replicas: { scheduler: 1, poller: 3, sender: 2, gateway: 1 } },
      undo,
    );
    const campaign = await campaignOf(stage, recipients);
    const scope = `/v1/limits/campaign:${campaign}`;
    const max = Math.ceil(recipients / 4);
    const maxima = [{ fromMs: 0, max }];
    const rate = Math.ceil((max / WINDOW_S) * RATE_S * 1.5);
    const put = async (wanted: number, version?: number) => {
      const rules = [
        { max: wanted, windowSeconds: WINDOW_S, mode: 'rolling' },
        { max: rate, windowSeconds: RATE_S, mode: 'rolling' },
      ];
      const answer = await stage.api.put(scope, { rules }, version);
      maxima.push({ fromMs: Date.now(), max: wanted });
      return Number(answer['version']);
    };
    let version = await put(max);
    await stage.api.must('POST', `/v1/campaigns/${campaign}/start`);
    const began = performance.now();
    const callOff = stage.torment(['poller', 'sender'], killEverySeconds, seededRandom(seed));
    const reach = (share: number) =>
      until(`${share * 100} % arrived`, 3_600_000, async () => (await stage.arrived()) >= recipients * share);
    await reach(0.3);
    version = await put(Math.ceil(max * 0.6), version);
    progress('the limit is lower');
    await reach(0.6);
    await put(Math.ceil(max * 1.2), version);
    progress('the limit is higher');
    await reach(WORK_WAITS);
    const kills = await callOff();
    const db = await Witnessed.open(stage.servers.databaseUrl);
    undo.add(() => db.stop());
    const open = `select count(*) as n from deliveries where status in ('scheduled', 'queued', 'sending')`;
    await until('every copy at its end', 900_000, async () => (await db.number(open)) === 0);
    const seconds = (performance.now() - began) / 1_000;

    const arrivals = await stage.arrivals();
    const instants = arrivals.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
    const problems: string[] = [];
    const inForce = (fromMs: number) =>
      Math.max(
        ...maxima
          .filter(({ fromMs: since }, index) => {
            const until_ = maxima[index + 1]?.fromMs ?? Infinity;
            return since < fromMs + WINDOW_S * 1_000 && until_ > fromMs;
          })
          .map(({ max: one }) => one),
      );
    for (let from = instants[0] ?? 0; from < (instants.at(-1) ?? 0); from += 1_000) {
      const count = instants.filter((at) => at >= from && at < from + WINDOW_S * 1_000).length;
      if (count > inForce(from))
        problems.push(`${count} in the ${WINDOW_S} s from ${new Date(from).toISOString()}, allowed ${inForce(from)}`);
    }
    const fastest = mostInWindow(instants, RATE_S * 1_000);
    if (fastest.most > rate) problems.push(`${fastest.most} in ${RATE_S} s, allowed ${rate}`);
    const doubles = arrivals.length - new Set(arrivals.map(({ deliveryId }) => deliveryId)).size;
    if (doubles > 0) problems.push(`${doubles} arrived twice`);
    const unknown = await db.number(`select count(*) as n from deliveries where status = 'unknown'`);
    const sent = await db.number(`select count(*) as n from deliveries where status = 'sent'`);
    if (sent + unknown !== recipients) problems.push(`${sent} sent and ${unknown} unknown of ${recipients}`);
    const wrong = await db.rows(`select 1 from deliveries group by email_id, recipient_key having count(*) > 1`);
    if (wrong.length > 0) problems.push(`${wrong.length} recipients have two copies`);
    return {
      problems: problems.slice(0, 10),
      figures: {
        recipients,
        arrivals: arrivals.length,
        unknown,
        kills,
        seconds: Math.round(seconds),
        mostInWindow: mostInWindow(instants, WINDOW_S * 1_000).most,
        maxima: maxima.slice(1).map(({ max: one }) => one),
        mostInRate: fastest.most,
        rate,
        usedOfUsable: usedShare(instants.slice(0, recipients * WORK_WAITS), {
          maxima: maxima.slice(1),
          windowSeconds: WINDOW_S + SLACK_S,
          rate,
          rateSeconds: RATE_S,
        }),
      },
    };
  },
};

async function campaignOf(stage: Stage, recipients: number): Promise<string> {
  const body = { name: 'limits', subject: 'Hi', text: 'It works', pacing: { spread: 'burst' }, draft: true };
  const { id } = await stage.api.must('POST', '/v1/campaigns', body);
  await stage.api.upload(`/v1/campaigns/${String(id)}/recipients`, 'text/csv', csv(recipients));
  return String(id);
}

/** A file of so many recipients, made while it is sent. */
export async function* csv(recipients: number): AsyncIterable<Uint8Array> {
  yield Buffer.from('email,name\n');
  for (let from = 0; from < recipients; from += CHUNK) {
    let rows = '';
    for (let n = from; n < Math.min(from + CHUNK, recipients); n += 1) rows += `r${n}@prove.test,Name ${n}\n`;
    yield Buffer.from(rows);
  }
}
