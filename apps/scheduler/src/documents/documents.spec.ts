import { describe, expect, it } from '@jest/globals';
import type { DeliveryId, EmailId, EventId } from '#domain';
import type { EmailRow, TimelineRow } from '#storage';
import { ScheduleRequest } from '../compat/schedule.schema.js';
import { scheduledView } from '../compat/schedule.view.js';
import { EmailPatch, EmailRequest } from '../emails/email.schema.js';
import { timelineView } from '../timeline/timeline.view.js';
import { EMAIL_EXAMPLES, PATCH_EXAMPLES, SCHEDULE_EXAMPLES } from './examples.js';
import { ScheduledSchema } from './scheduled.schema.js';
import { TimelineEventSchema } from './timeline-event.schema.js';

const ID = '0193e0f0-0406-7333-a4b5-6e8043366e78';
const AT = new Date('2027-01-05T09:00:00.123Z');

const email: EmailRow = {
  id: ID as EmailId,
  kind: 'single',
  class: 'transactional',
  mode: 'test',
  visibility: 'individual',
  status: 'scheduled',
  from_mailbox: 'mail@acme.example',
  to_mailboxes: ['ada@example.com'],
  cc_mailboxes: [],
  bcc_mailboxes: [],
  reply_to: [],
  subject: 'Hi',
  text_body: 'Hello',
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
  total: 1,
  content_version: 1,
  version: 1,
  tombstone_at: null,
  cancel_open: false,
  created_at: AT,
  updated_at: AT,
  audience: null,
  copies: [],
};

const happened: TimelineRow = {
  id: ID as EventId,
  type: 'delivery.sent',
  time: AT.toISOString(),
  position: '1',
  delivery_id: ID as DeliveryId,
  actor: 'system',
  attempt: 1,
  data: { status: 'sent' },
};

describe('the examples in the API document', () => {
  it.each([
    ...Object.entries(EMAIL_EXAMPLES).map(([name, { value }]) => [name, EmailRequest, value] as const),
    ...Object.entries(PATCH_EXAMPLES).map(([name, { value }]) => [name, EmailPatch, value] as const),
    ...Object.entries(SCHEDULE_EXAMPLES).map(([name, { value }]) => [name, ScheduleRequest, value] as const),
  ])('%s is accepted as it stands', (_name, schema, value) => {
    expect(schema.safeParse(value).error?.issues).toBeUndefined();
  });
});

describe('what the API document promises is what is answered', () => {
  it.each([
    ['an email under its old names', ScheduledSchema, scheduledView(email)],
    ['an event of a delivery', TimelineEventSchema, timelineView(ID as EmailId, happened)],
    [
      'an event of an email',
      TimelineEventSchema,
      timelineView(ID as EmailId, { ...happened, delivery_id: null, attempt: null }),
    ],
  ])('%s', (_what, schema, view) => {
    const sent: unknown = JSON.parse(JSON.stringify(view));
    expect(schema.safeParse(sent)).toEqual({ success: true, data: sent });
  });
});
