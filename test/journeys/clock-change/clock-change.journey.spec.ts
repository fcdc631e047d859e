import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '#domain';
import type { CampaignView } from '#http';
import { eventually, type Mailtide, startMailtide } from '#testing';
import { queryRows } from '../delivery-states.js';

/** When 02:30 is in each zone on the two days of 2027 on which Europe changes its clocks; worked out by hand from the rules of each. */
const DAYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '2027-03-28': {
    'Pacific/Chatham': '2027-03-27T12:45Z',
    'Pacific/Apia': '2027-03-27T13:30Z',
    'Australia/Lord_Howe': '2027-03-27T15:30Z',
    'Asia/Kathmandu': '2027-03-27T20:45Z',
    'Asia/Tehran': '2027-03-27T23:00Z',
    'Africa/Cairo': '2027-03-28T00:30Z',
    'Europe/Berlin': '2027-03-28T01:30Z', // 02:30 does not exist: it is 03:30
    'Africa/Casablanca': '2027-03-28T01:30Z',
    'America/St_Johns': '2027-03-28T05:00Z',
    'America/Santiago': '2027-03-28T05:30Z',
    'America/Sao_Paulo': '2027-03-28T05:30Z',
    'America/New_York': '2027-03-28T06:30Z',
  },
  '2027-10-31': {
    'Pacific/Chatham': '2027-10-30T12:45Z',
    'Pacific/Apia': '2027-10-30T13:30Z',
    'Australia/Lord_Howe': '2027-10-30T15:30Z',
    'Asia/Kathmandu': '2027-10-30T20:45Z',
    'Asia/Tehran': '2027-10-30T23:00Z',
    'Africa/Cairo': '2027-10-31T00:30Z',
    'Europe/Berlin': '2027-10-31T00:30Z', // 02:30 comes twice: the first
    'Africa/Casablanca': '2027-10-31T01:30Z',
    'America/St_Johns': '2027-10-31T05:00Z',
    'America/Santiago': '2027-10-31T05:30Z',
    'America/Sao_Paulo': '2027-10-31T05:30Z',
    'America/New_York': '2027-10-31T06:30Z',
  },
};
const BEFORE_MS = 1_000;
const SOON_MS = 30_000;

let mailtide: Mailtide;

beforeAll(async () => {
  mailtide = await startMailtide({ env: { LOG_LEVEL: 'warn' } });
}, 90_000);
afterAll(() => mailtide.stop(), 60_000);

describe.each(Object.keys(DAYS))('02:30 local time on %s in twelve zones', (day) => {
  it('comes once for each recipient, at the stated instant', async () => {
    const instants = DAYS[day] ?? {};
    const zones = Object.keys(instants);
    const { body: campaign } = await mailtide.api.post<CampaignView>('/v1/campaigns', {
      subject: 'Half past two',
      text: 'Wherever you are.',
      schedule: { local: `${day}T02:30`, timeZone: 'recipient', fallback: 'UTC' },
      recipients: zones.map((timeZone) => ({ to: addressOf(timeZone), timeZone })),
    });
    const id = parsePublicId('campaign', campaign.id);
    await eventually(async () => expect(await sent(id)).toHaveLength(0), 1_000);
    const inOrder = [...new Set(Object.values(instants))].toSorted();
    for (const [index, instant] of inOrder.entries()) {
      const soFar = inOrder.slice(0, index + 1);
      await moveClockTo(Date.parse(instant) - BEFORE_MS);
      const wanted = zones.filter((zone) => soFar.includes(instants[zone] ?? '')).map(addressOf);
      await eventually(
        async () => expect((await sent(id)).map(({ address }) => address)).toEqual(wanted.toSorted()),
        15_000,
      );
    }
    for (const { address, armed_at: armedAt, attempt } of await sent(id)) {
      const at = Date.parse(instants[zones.find((zone) => addressOf(zone) === address) ?? ''] ?? '');
      expect({ address, early: armedAt.getTime() < at, late: armedAt.getTime() > at + SOON_MS, attempt }).toEqual({
        address,
        early: false,
        late: false,
        attempt: 1,
      });
    }
    await eventually(async () => {
      const { body } = await mailtide.api.get<CampaignView>(`/v1/campaigns/${campaign.id}`);
      expect(body).toMatchObject({ status: 'completed', counts: { total: zones.length, sent: zones.length } });
    }, 15_000);
  }, 240_000);
});

const addressOf = (zone: string): string => `${zone.replace('/', '.').toLowerCase()}@example.com`;

const sent = (email: string | undefined) =>
  queryRows<{ address: string; armed_at: Date; attempt: number }>(
    mailtide,
    `select address, armed_at, attempt from deliveries where email_id = $1 and status = 'sent' order by address collate "C"`,
    [email],
  );

/** All that decides asks these two functions what time it is. */
async function moveClockTo(ms: number): Promise<void> {
  const ahead = Math.round(ms - Date.now());
  for (const [name, volatility, clock] of [
    ['clock_now', 'volatile', 'clock_timestamp()'],
    ['clock_statement', 'stable', 'statement_timestamp()'],
  ]) {
    await queryRows(
      mailtide,
      `create or replace function ${name}() returns timestamptz language sql ${volatility}
        as $$select ${clock} + interval '${ahead} milliseconds'$$`,
      [],
    );
  }
}
