import { describe, expect, it } from '@jest/globals';
import { publicId } from '#domain';
import { parseTopic } from './topic.js';

const uuid = '01917d5c-9a00-7000-8000-000000000001';

describe('the name of a topic', () => {
  it.each([
    ['tenant', { kind: 'tenant' }],
    [`email:${publicId('email', uuid)}`, { kind: 'email', emailId: uuid }],
    [`delivery:${publicId('delivery', uuid)}`, { kind: 'delivery', deliveryId: uuid }],
    [`job:${publicId('job', uuid)}`, { kind: 'job', jobId: uuid }],
    [`campaign:${publicId('campaign', uuid)}`, { kind: 'campaign', emailId: uuid }],
    ['dead-letters', { kind: 'dead-letters' }],
    ['owner:1', { kind: 'owner', ownerId: '1' }],
    ['owner:team:7', { kind: 'owner', ownerId: 'team:7' }],
  ])('%s is understood', (name, topic) => expect(parseTopic(name)).toEqual(topic));

  it.each([
    '',
    'tenants',
    'email',
    'email:',
    `email:${publicId('delivery', uuid)}`,
    `email:${uuid}`,
    'owner:',
    `owner:${'x'.repeat(101)}`,
    `job:${publicId('email', uuid)}`,
    `campaign:${publicId('email', uuid)}`,
    'dead-letters:1',
    'owner:a\0b', // no email has such an owner, and Postgres cannot even be asked for it
    'owner:a\r\nb',
    'owner:\ud83c',
  ])('"%s" is unknown', (name) => expect(parseTopic(name)).toBeUndefined());
});
