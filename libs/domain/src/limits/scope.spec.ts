import { describe, expect, it } from '@jest/globals';
import { type EmailId, type ProviderId, publicId } from '../id.js';
import { formatScope, parseScope, scopesOf } from './scope.js';

const ID = '01920000-0000-7000-8000-000000000001';

describe('a scope', () => {
  it('is read as callers write it, and written so again', () => {
    const texts = [
      'tenant',
      'contact',
      'global',
      'sender:ada@acme.test',
      'sender:acme.test',
      'domain:gmail',
      'domain:acme.test',
    ];
    texts.push(`campaign:${publicId('campaign', ID)}`, `provider:${publicId('provider', ID)}`);
    const again = texts.map((text) => {
      const parsed = parseScope(text);
      return parsed.kind === 'ok' ? formatScope(parsed.scope) : parsed.detail;
    });
    expect(again).toEqual(texts);
  });

  it('of a domain of a group is the group', () => {
    expect(parseScope('domain:Hotmail.com')).toEqual({ kind: 'ok', scope: 'domain:microsoft' });
  });

  it.each([
    '',
    'tenants',
    'sender:',
    'sender:a b',
    'sender:@',
    'domain:x',
    'campaign:7',
    'provider:cmp_x',
    'toString:x',
    'sender:Ada <a@b.test>',
  ])('is refused when it is %j', (text) => expect(parseScope(text).kind).toBe('bad'));

  it('of a copy are all that its limits may have', () => {
    const copy = {
      mode: 'live',
      emailId: ID as EmailId,
      providerId: 'p' as ProviderId,
      sender: 'Ada@acme.test',
      address: 'bob@googlemail.com',
      recipientKey: 'bob@googlemail.com',
    };
    expect(scopesOf(copy)).toEqual([
      `campaign:${ID}`,
      'tenant',
      'sender:ada@acme.test',
      'sender:acme.test',
      'provider:p',
      'domain:gmail',
      'contact',
      'global',
    ]);
  });
});
