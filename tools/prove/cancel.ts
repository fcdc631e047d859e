import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../bench/until.js';
import { Witnessed } from './database.js';
import { csv } from './limits.js';
import type { Proof } from './proof.js';
import { progress, Stage } from './stage.js';

const ANSWER_MS = 2_000;

/** A campaign that is still being expanded is cancelled: the answer is quick, and nothing escapes that it did not count. */
export const cancel: Proof = {
  name: 'cancel',
  about: 'cancel of a campaign while it is expanding',
  recipients: 1_000_000,
  async run({ recipients }, undo) {
    const stage = await Stage.set(
      { name: 'cancel', replicas: { scheduler: 1, poller: 1, sender: 1, gateway: 1 } },
      undo,
    );
    const { api } = stage;
    const body = { name: 'cancel', subject: 'Hi', text: 'It works', pacing: { spread: 'burst' }, draft: true };
    const id = String((await api.must('POST', '/v1/campaigns', body))['id']);
    const uploaded = performance.now();
    await api.upload(`/v1/campaigns/${id}/recipients`, 'text/csv', csv(recipients));
    const uploadSeconds = (performance.now() - uploaded) / 1_000;
    progress(`uploaded in ${uploadSeconds.toFixed(1)} s`);
    await api.must('POST', `/v1/campaigns/${id}/start`);
    await until('some have arrived', 120_000, async () => (await stage.arrived()) > 500);
    const before = await api.must('GET', `/v1/campaigns/${id}`);
    const answer = await api.send('POST', `/v1/campaigns/${id}/cancel`);
    const arrivedAtAnswer = await stage.arrived();
    const { inFlight = 0 } = (answer.body['cancellation'] ?? {}) as { inFlight?: number };
    const db = await Witnessed.open(stage.servers.databaseUrl);
    undo.add(() => db.stop());
    const open = `select count(*) as n from deliveries where status in ('scheduled', 'queued', 'sending')`;
    const swept = performance.now();
    await until('every copy at its end', 900_000, async () => (await db.number(open)) === 0);
    const sweepSeconds = (performance.now() - swept) / 1_000;
    await pause(3_000);
    const after = (await stage.arrived()) - arrivedAtAnswer;
    const job = await api.must('GET', `/v1/campaigns/${id}`);
    const problems = [
      answer.status === 200 ? [] : [`cancel answered ${answer.status} ${JSON.stringify(answer.body)}`],
      answer.ms <= ANSWER_MS ? [] : [`cancel took ${Math.round(answer.ms)} ms`],
      after <= inFlight ? [] : [`${after} arrived after an answer that counted ${inFlight} in flight`],
      before['expanding'] === true ? [] : ['it was not expanding any more: more recipients are needed'],
      job['status'] === 'cancelled' ? [] : [`it ended as ${String(job['status'])}`],
    ].flat();
    return {
      problems,
      figures: {
        recipients,
        uploadSeconds: Math.round(uploadSeconds),
        rowsUploadedASecond: Math.round(recipients / uploadSeconds),
        copiesAtCancel: (before['counts'] as { total?: number } | undefined)?.total,
        answerMs: Math.round(answer.ms),
        cancellation: answer.body['cancellation'],
        arrivedAfterAnswer: after,
        sweepSeconds: Math.round(sweepSeconds),
        counts: job['counts'],
      },
    };
  },
};
