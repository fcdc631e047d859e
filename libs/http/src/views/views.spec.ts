import { describe, expect, it } from '@jest/globals';
import { DELIVERY_STATUSES, type Id, PROBLEMS } from '#domain';
import type { AttemptRow, DeliveryRow, EmailRow } from '#storage';
import { Problem, problemBody } from '../problem.js';
import { deliveryView } from './delivery.view.js';
import { DeliverySchema } from './delivery.schema.js';
import { CancelledEmailSchema, EmailListItemSchema, EmailSchema } from './email.schema.js';
import { cancelledEmailView, emailListItem, emailView } from './email.view.js';
import { ListSchema } from './list.schema.js';
import { ProblemSchema } from './problem.schema.js';

const AT = new Date('2027-01-05T09:00:00.123Z');
const ID = '0193e0f0-0406-7333-a4b5-6e8043366e78';
const id = <Name extends string>() => ID as Id<Name>;

const email: EmailRow = {
  id: id(),
  kind: 'single',
  class: 'transactional',
  mode: 'test',
  visibility: 'shared',
  status: 'scheduled',
  from_mailbox: 'Acme <mail@acme.example>',
  to_mailboxes: ['ada@example.com'],
  cc_mailboxes: [],
  bcc_mailboxes: ['Bob <bob@example.com>'],
  reply_to: [],
  subject: 'Hi',
  text_body: 'It works',
  html_body: null,
  headers: {},
  attachments: [],
  expires_at: null,
  grace_seconds: 21_600,
  on_missed: 'expire',
  tags: {},
  correlation_key: null,
  job_id: null,
  scheduled_at: AT,
  wish: null,
  render: 'none',
  data: null,
  windows: [],
  retry_for_seconds: 86_400,
  on_unknown: 'at_least_once',
  owner_id: null,
  total: 2,
  content_version: 1,
  version: 1,
  tombstone_at: null,
  cancel_open: false,
  created_at: AT,
  updated_at: AT,
  audience: null,
  copies: DELIVERY_STATUSES.map((status) => ({
    id: id(),
    mailbox: 'ada@example.com',
    role: 'to',
    status,
    held: false,
    at: AT.toISOString(),
  })),
};

const attempt: AttemptRow = {
  attempt: 1,
  epoch: 1,
  provider_id: id(),
  started_at: AT.toISOString(),
  phase: 'reply_received',
  outcome: 'accepted',
  reply_code: 250,
  reply_enhanced: '2.0.0',
  reply_text: 'accepted',
  error: null,
  connect_ms: 1,
  envelope_ms: 2,
  arm_ms: null,
  reply_ms: 4,
};

const delivery: DeliveryRow = {
  id: id(),
  email_id: id(),
  mailbox: 'ada@example.com',
  address: 'ada@example.com',
  status: 'sent',
  lane: 'transactional',
  mode: 'test',
  attempt: 1,
  epoch: 1,
  version: 2,
  possible_duplicate: false,
  eligible_at: AT,
  due_at: AT,
  armed_at: AT,
  hold_until: null,
  finished_at: AT,
  provider_id: id(),
  reason: null,
  reply_code: 250,
  reply_enhanced: '2.0.0',
  reply_text: 'accepted',
  created_at: AT,
  late_ms: 12.7,
  visibility: 'shared',
  from_mailbox: 'mail@acme.example',
  job_id: null,
  attempts: [attempt],
};

/** As a client gets it. */
const sent = (view: unknown): unknown => JSON.parse(JSON.stringify(view));

describe('what the API document promises is what is answered', () => {
  it.each([
    ['an email', EmailSchema, emailView(email)],
    [
      'an email without text of its own',
      EmailSchema,
      emailView({ ...email, text_body: null, visibility: 'individual' }),
    ],
    ['an email in a list', EmailListItemSchema, emailListItem(email)],
    ['a cancelled email', CancelledEmailSchema, cancelledEmailView(email)],
    ['a delivery', DeliverySchema, deliveryView(delivery)],
    [
      'a delivery that never began',
      DeliverySchema,
      deliveryView({
        ...delivery,
        status: 'scheduled',
        attempts: [],
        provider_id: null,
        reply_code: null,
        late_ms: null,
      }),
    ],
    [
      'a page',
      ListSchema(DeliverySchema),
      { object: 'list', data: [deliveryView(delivery)], hasMore: false, nextCursor: null, prevCursor: null },
    ],
  ])('%s', (_what, schema, view) => {
    expect(schema.safeParse(sent(view))).toEqual({ success: true, data: sent(view) });
  });

  it.each(Object.keys(PROBLEMS) as (keyof typeof PROBLEMS)[])('the problem %s', (code) => {
    const errors = [
      { pointer: '/to/1', code: 'bad_address' as const, detail: 'is no address' },
      { parameter: 'limit', code: 'out_of_range' as const, detail: 'must be from 1 to 100' },
    ];
    const problem = new Problem(code, 'What happened.', { errors, current: { status: 'sent' } });
    const body = sent(problemBody(problem, '/v1/emails', 'req_1'));
    expect(ProblemSchema.safeParse(body)).toEqual({ success: true, data: body });
  });
});
