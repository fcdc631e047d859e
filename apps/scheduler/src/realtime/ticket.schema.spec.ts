import { describe, expect, it } from '@jest/globals';
import { publicId } from '#domain';
import { TicketRequest } from './ticket.schema.js';

const job = `job:${publicId('job', '01917d5c-9a00-7000-8000-000000000001')}`;

const campaign = `campaign:${publicId('campaign', '01917d5c-9a00-7000-8000-000000000001')}`;

describe('the topics of a ticket', () => {
  it.each(['*', 'tenant', 'dead-letters', 'owner:user 7', 'owner:Zoë 🎉', job, campaign])('may be %j', (topic) =>
    expect(TicketRequest.parse({ topics: [topic] })).toEqual({ topics: [topic] }),
  );

  it.each(['', 'nothing', 'owner:', 'owner:a\0b', 'owner:a\r\nb', 'owner:\ud83c', 'job:\0'])('are not %j', (topic) => {
    const { error } = TicketRequest.safeParse({ topics: [topic] });
    expect(error?.issues[0]?.path).toEqual(['topics', 0]);
  });
});
