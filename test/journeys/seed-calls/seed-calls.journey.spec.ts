import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, type Mailtide, startMailtide } from '#testing';

const run = promisify(execFile);

interface Scheduled {
  readonly id: string;
  readonly status: string;
  readonly recipients: readonly string[];
}

/** The first system's four calls as its users type them, with curl, and its notices with a plain socket.io client. */
describe("the first system's calls", () => {
  let mailtide: Mailtide;

  beforeAll(async () => {
    mailtide = await startMailtide();
  }, 90_000);
  afterAll(() => mailtide.stop(), 60_000);

  const curl = async (...args: string[]): Promise<{ status: number; body: unknown }> => {
    const { stdout } = await run('curl', ['-s', '-w', '\n%{http_code}', ...args]);
    const end = stdout.lastIndexOf('\n');
    return { status: Number(stdout.slice(end + 1)), body: JSON.parse(stdout.slice(0, end)) };
  };
  const json = ['-H', 'Content-Type: application/json'];

  it('schedule, list, update and cancel, and success and failure are told as they happen', async () => {
    const realtime = await mailtide.realtime({ query: { topics: 'tenant' } });
    const at = new Date(Date.now() + 60_000).toISOString();

    const scheduled = await curl(
      '-X',
      'POST',
      `${mailtide.apiUrl}/schedule`,
      ...json,
      '-d',
      JSON.stringify({ recipients: ['a@x.test', 'b+bounce@x.test'], subject: 'Hi', body: 'Hello', deliveryTime: at }),
    );
    expect(scheduled).toMatchObject({ status: 201, body: { status: 'scheduled', total: 2, deliveryTime: at } });
    const { id } = scheduled.body as Scheduled;

    const listed = await curl(`${mailtide.apiUrl}/emails`);
    expect((listed.body as { data: Scheduled[] }).data.map((email) => email.id)).toContain(id);

    const soon = new Date(Date.now() + 1_000).toISOString();
    const updated = await curl(
      '-X',
      'PUT',
      `${mailtide.apiUrl}/emails/${id}`,
      ...json,
      '-d',
      JSON.stringify({ subject: 'Hello again', deliveryTime: soon }),
    );
    expect(updated).toMatchObject({
      status: 200,
      body: { id, subject: 'Hello again', body: 'Hello', status: 'scheduled' },
    });

    await eventually(() => {
      const types = realtime.events.map(({ type }) => type);
      expect(types).toContain('delivery.sent');
      expect(types).toContain('delivery.failed');
    }, 20_000);
    const [message, ...others] = await mailtide.inbox.messages({ emailId: id });
    expect(message).toMatchObject({ subject: 'Hello again', to: 'a@x.test' });
    expect(others).toEqual([]);
    expect(await curl(`${mailtide.apiUrl}/emails?status=sent`)).toMatchObject({
      body: { data: [{ id, status: 'partial' }] },
    });

    const doomed = (
      await curl(
        '-X',
        'POST',
        `${mailtide.apiUrl}/schedule`,
        ...json,
        '-d',
        JSON.stringify({ recipients: 'c@x.test', subject: 'Never', body: 'Never', deliveryTime: at }),
      )
    ).body as Scheduled;
    const cancelled = await curl('-X', 'DELETE', `${mailtide.apiUrl}/emails/${doomed.id}`);
    expect(cancelled).toMatchObject({ status: 200, body: { id: doomed.id, status: 'cancelled' } });
    expect(await curl('-X', 'DELETE', `${mailtide.apiUrl}/emails/${doomed.id}`)).toEqual(cancelled);
    expect(await curl('-X', 'DELETE', `${mailtide.apiUrl}/emails/${id}`)).toMatchObject({
      status: 409,
      body: { code: 'already_sent' },
    });
    expect(await curl('-X', 'PUT', `${mailtide.apiUrl}/emails/${id}`, ...json, '-d', '{"subject":"x"}')).toMatchObject({
      status: 409,
    });
    realtime.close();
  });
});
