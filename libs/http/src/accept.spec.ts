import { describe, expect, it } from '@jest/globals';
import { requireAcceptable } from './accept.js';

describe('what a request accepts', () => {
  it.each([
    undefined,
    '',
    '*/*',
    'application/json',
    'application/*',
    'text/html, */*;q=0.1',
    'Application/JSON; q=0.5',
    'application/problem+json',
  ])('%s can be answered with JSON', (accept) => expect(() => requireAcceptable(accept)).not.toThrow());

  it.each(['text/html', 'application/xml', 'text/*', 'application/json;q=0', '*/*;q=0', 'rubbish'])(
    '%s cannot',
    (accept) => expect(() => requireAcceptable(accept)).toThrow('This path answers application/json'),
  );

  it('is judged by what the route answers', () => {
    expect(() => requireAcceptable('text/event-stream', ['text/event-stream'])).not.toThrow();
    expect(() => requireAcceptable('application/json', ['message/rfc822'])).toThrow('message/rfc822');
  });
});
