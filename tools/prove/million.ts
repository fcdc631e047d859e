import { CpuMeter } from '../bench/cpu-meter.js';
import type { RawRun } from '../bench/raw-nodemailer.js';
import { rawRate, runRawNodemailer } from '../bench/run-raw-nodemailer.js';
import { SideProcess } from '../bench/side-process.js';
import type { Undo } from '../bench/undo.js';
import { until } from '../bench/until.js';
import { Witnessed } from './database.js';
import { csv } from './limits.js';
import { notePeaks, ownProcesses } from './own-processes.js';
import type { Proof } from './proof.js';
import { progress, Stage } from './stage.js';

const RAW_MAILS = 20_000;
const MEASURED = ['scheduler', 'poller', 'sender', 'gateway', 'postgres', 'kafka'];
const REPORT_MS = 60_000;

/** A campaign of a million is uploaded, made into copies and sent; memory does not grow with it. */
export const million: Proof = {
  name: 'million',
  about: 'upload, expansion and sending of one big campaign, beside raw nodemailer',
  recipients: 1_000_000,
  async run({ recipients }, undo) {
    const raw = [await rawNodemailer(undo)];
    const stage = await Stage.set(
      { name: 'million', replicas: { scheduler: 1, poller: 1, sender: 1, gateway: 1 } },
      undo,
    );
    const { api } = stage;
    const db = await Witnessed.open(stage.servers.databaseUrl);
    undo.add(() => db.stop());
    const peaks = new Map<string, number>();
    const watch = setInterval(() => notePeaks(peaks), 500);
    undo.add(async () => clearInterval(watch));
    const body = { name: 'million', subject: 'Hi', text: 'It works', pacing: { spread: 'burst' }, draft: true };
    const id = String((await api.must('POST', '/v1/campaigns', body))['id']);
    const uploadSeconds = await seconds(() =>
      api.upload(`/v1/campaigns/${id}/recipients`, 'text/csv', csv(recipients)),
    );
    progress(`uploaded in ${uploadSeconds.toFixed(1)} s`);
    const peaksOfUpload = Object.fromEntries(peaks);
    const cpu = new CpuMeter(
      Object.fromEntries(MEASURED.map((name) => [name, () => ownProcesses().get(name) ?? []] as const)),
    );
    cpu.start();
    await api.must('POST', `/v1/campaigns/${id}/start`);
    const began = performance.now();
    const expanded = 'select sum(position) as n from campaigns where not expanding';
    const expandSeconds = await seconds(() =>
      until('expanded', 1_800_000, async () => (await db.number(expanded)) >= recipients),
    );
    const arrivedThen = await stage.arrived();
    progress(`expanded in ${expandSeconds.toFixed(1)} s, ${arrivedThen} have arrived`);
    let reportAt = performance.now() + REPORT_MS;
    await until('arrived', 7_200_000, async () => {
      const arrived = await stage.arrived();
      if (performance.now() >= reportAt) {
        progress(`${arrived} have arrived`);
        reportAt += REPORT_MS;
      }
      return arrived >= recipients;
    });
    const sentSeconds = (performance.now() - began) / 1_000;
    const cpuUs = cpu.stop();
    const open = `select count(*) as n from deliveries where status in ('scheduled', 'queued', 'sending')`;
    await until('every copy at its end', 60_000, async () => (await db.number(open)) === 0);
    const sent = await db.number(`select count(*) as n from deliveries where status = 'sent'`);
    const { status } = await api.must('GET', `/v1/campaigns/${id}`);
    const arrivals = await stage.arrivals();
    const doubles = arrivals.length - new Set(arrivals.map(({ deliveryId }) => deliveryId)).size;
    const problems = [
      ...(doubles > 0 ? [`${doubles} arrived twice`] : []),
      ...(sent === recipients && status === 'completed' ? [] : [`${sent} sent, and the campaign is ${String(status)}`]),
    ];
    raw.push(await rawNodemailer(undo));
    const rawMean = raw.reduce((sum, run) => sum + rawRate(run), 0) / raw.length;
    return {
      problems,
      figures: {
        recipients,
        uploadedASecond: Math.round(recipients / uploadSeconds),
        expandedASecond: Math.round(recipients / expandSeconds),
        sentASecondWhileExpanding: Math.round(arrivedThen / expandSeconds),
        sentASecondAfterwards: Math.round((recipients - arrivedThen) / (sentSeconds - expandSeconds)),
        sentASecond: Math.round(recipients / sentSeconds),
        rawASecond: raw.map((run) => Math.round(rawRate(run))),
        ofRaw: Number((recipients / sentSeconds / rawMean).toFixed(2)),
        ofRawAfterwards: Number(((recipients - arrivedThen) / (sentSeconds - expandSeconds) / rawMean).toFixed(2)),
        cpuUsAMail: Object.fromEntries(Object.entries(cpuUs).map(([name, us]) => [name, Math.round(us / recipients)])),
        rawCpuUsAMail: raw.map(({ cpuUs: us, mails }) => Math.round(us / mails)),
        peakMiBOfUpload: peaksOfUpload,
        peakMiB: Object.fromEntries(peaks),
      },
    };
  },
};

/** The yardstick, in the same minutes on the same machine, to a sink of its own. */
async function rawNodemailer(undo: Undo): Promise<RawRun> {
  progress(`raw nodemailer: ${RAW_MAILS} emails`);
  const { process: sink, hello: smtpPort } = await SideProcess.start<number>('./smtp-sink.js', []);
  undo.add(() => sink.stop());
  const run = await runRawNodemailer(smtpPort, RAW_MAILS);
  await sink.stop();
  return run;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1_000;
}
