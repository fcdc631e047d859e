import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type JobId, publicId } from '#domain';
import { newId } from '#storage';
import { eventually, EventStream, storeCampaignTo, testDatabase, uniqueName } from '#testing';
import { storeEmail } from '../testing/store-email.js';
import { type Client, KEYS, Stage, typesOf } from '../testing/stage.js';

let stage: Stage;

beforeAll(async () => {
  const { url: databaseUrl } = await testDatabase();
  stage = await Stage.open({ databaseUrl, topicPrefix: uniqueName('status-') });
}, 60_000);

afterEach(() => stage.leave());
afterAll(() => stage.close());

const doneIn = ({ events }: Client, type: string) =>
  events.filter((event) => event.type === type).map(({ data }) => (data as { rows: { done: number } }).rows.done);

describe('the topic of a job', () => {
  it('begins with the job, coalesces its progress, tells the last, then the end', async () => {
    const id = await stage.storeJob('7');
    const watcher = await stage.client(KEYS.acme);
    const ack = await watcher.subscribe(`job:${publicId('job', id)}`);
    expect(ack).toMatchObject({ snapshot: { object: 'job', id: publicId('job', id), status: 'running' } });
    for (let done = 5; done <= 100; done += 5) await stage.tellJob(id, done);
    await stage.relayAll();
    await eventually(() => expect(doneIn(watcher, 'job.completed')).toEqual([100]), 10_000);
    const told = doneIn(watcher, 'job.progress');
    expect(told.length).toBeLessThan(10);
    expect(told.at(-1)).toBe(100);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(watcher.events.at(-1)?.type).toBe('job.completed');
  });

  it('replays the newest progress only, and the end', async () => {
    const id = await stage.storeJob('7');
    const topic = `job:${publicId('job', id)}`;
    const before = await stage.client(KEYS.acme);
    const ack = await before.subscribe(topic);
    before.socket.disconnect();
    for (const done of [20, 60, 100]) await stage.tellJob(id, done);
    const after = await stage.client(KEYS.acme);
    const again = await after.subscribe(topic, 'cursor' in ack ? ack.cursor : '');
    expect(again).toMatchObject({ ok: true, snapshot: null, replayed: 2 });
    await eventually(() => expect(doneIn(after, 'job.completed')).toEqual([100]), 5_000);
    expect(doneIn(after, 'job.progress')).toEqual([100]);
  });

  it('of somebody else is not found', async () => {
    const topic = `job:${publicId('job', await stage.storeJob('7'))}`;
    const stranger = await stage.client(KEYS.other);
    expect(await stranger.subscribe(topic)).toMatchObject({ ok: false, problem: { code: 'not_found' } });
  });
});

describe('the topic of a campaign', () => {
  const stored = async () => {
    const campaign = await storeCampaignTo(stage.db, [], { tenantId: stage.acme, state: 'draft' });
    return { campaign, jobId: campaign.id as string as JobId, topic: `campaign:${publicId('campaign', campaign.id)}` };
  };
  const begin = { object: 'campaign', status: 'draft', counts: { total: 0 } };

  it('begins with the campaign, and tells of its email and its job, over sockets and streams', async () => {
    const { campaign, jobId, topic } = await stored();
    const watcher = await stage.client(KEYS.acme);
    expect(await watcher.subscribe(topic)).toMatchObject({ ok: true, topic, snapshot: begin });
    const url = `${stage.url}/v1/stream?topic=${topic}`;
    const stream = await EventStream.open(url, { authorization: `Bearer ${KEYS.acme}` });
    await eventually(() => expect(stream.frames).toMatchObject([{ data: { topic, snapshot: begin } }]), 5_000);
    await stage.tellUpdated(campaign);
    await stage.tellJob(jobId, 100);
    await stage.relayAll();
    const told = ['email.updated', 'job.completed', 'job.progress'];
    await eventually(() => expect(typesOf(watcher, topic).toSorted()).toEqual(told), 10_000);
    await eventually(
      () => expect(stream.frames.map(({ event }) => event).toSorted()).toEqual([...told, 'snapshot']),
      5_000,
    );
    stream.close();
  });

  it('replays what happened to it, and nothing of its copies', async () => {
    const { campaign, jobId, topic } = await stored();
    const watcher = await stage.client(KEYS.acme);
    const ack = await watcher.subscribe(topic);
    watcher.socket.disconnect();
    await stage.tellUpdated(campaign);
    await stage.tellSent({ ...campaign, deliveryId: newId() });
    for (const done of [20, 100]) await stage.tellJob(jobId, done);
    const after = await stage.client(KEYS.acme);
    const again = await after.subscribe(topic, 'cursor' in ack ? ack.cursor : '');
    expect(again).toMatchObject({ ok: true, snapshot: null, replayed: 3 });
  });

  it('is not that of any email', async () => {
    const { id } = await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test' });
    const watcher = await stage.client(KEYS.acme);
    const ack = await watcher.subscribe(`campaign:${publicId('campaign', id)}`);
    expect(ack).toMatchObject({ ok: false, problem: { code: 'not_found' } });
  });
});

describe('the topic of an owner', () => {
  it('begins with the active jobs, and tells of them in the words of an older system, too', async () => {
    const id = await stage.storeJob('12');
    await stage.storeJob('13');
    const watcher = await stage.client(KEYS.acme, { userId: '12' });
    await eventually(() => {
      expect(watcher.events).toContainEqual(
        expect.objectContaining({
          ok: true,
          topic: 'owner:12',
          snapshot: { jobs: [expect.objectContaining({ id: publicId('job', id), ownerId: '12' })] },
        }),
      );
    }, 5_000);
    await stage.tellJob(id, 50);
    await stage.relayAll();
    await eventually(() => expect(doneIn(watcher, 'job.progress')).toEqual([50]), 10_000);
    await eventually(() => {
      expect(watcher.events.at(-1)).toEqual({
        jobId: publicId('job', id),
        userId: '12',
        total: 100,
        numberOfEmails: 100,
        sent: 0,
        failed: 0,
        status: 'running',
        createdAt: expect.any(String),
        completedAt: null,
      });
    }, 5_000);
  });
});
