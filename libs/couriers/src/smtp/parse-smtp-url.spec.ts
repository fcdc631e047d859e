import { describe, expect, it } from '@jest/globals';
import { parseSmtpUrl } from './parse-smtp-url.js';

describe('an SMTP URL', () => {
  it.each([
    ['smtp://mail.acme.test', { host: 'mail.acme.test', port: 587, security: 'starttls' }],
    ['smtps://mail.acme.test', { host: 'mail.acme.test', port: 465, security: 'tls' }],
    ['smtp://Mail.Acme.test:25/', { host: 'mail.acme.test', port: 25, security: 'starttls' }],
    ['smtp://127.0.0.1:1025', { host: '127.0.0.1', port: 1025, security: 'starttls_optional' }],
    ['smtp://[::1]:1025', { host: '::1', port: 1025, security: 'starttls_optional' }],
    ['smtp://localhost?tls=required', { host: 'localhost', port: 587, security: 'starttls' }],
    ['smtp://mail.acme.test?tls=optional', { host: 'mail.acme.test', port: 587, security: 'starttls_optional' }],
    ['smtp://mail.acme.test?tls=off', { host: 'mail.acme.test', port: 587, security: 'none' }],
    [
      'smtps://ada%40acme.test:p%40ss%2Fw%25rd@mail.acme.test:2465?verify=off',
      {
        host: 'mail.acme.test',
        port: 2465,
        security: 'tls',
        auth: { user: 'ada@acme.test', password: 'p@ss/w%rd' },
        tls: { rejectUnauthorized: false },
      },
    ],
  ])('%s is read', (url, settings) => {
    const { maxConnections, ...read } = parseSmtpUrl(url);
    expect(read).toEqual(settings);
    expect(maxConnections).toBe(/localhost|\[::1\]|127\./.test(url) ? 1_000 : 20);
  });

  it('says how many connections its server allows', () => {
    expect(parseSmtpUrl('smtp://mail.acme.test?connections=7').maxConnections).toBe(7);
    expect(parseSmtpUrl('smtp://localhost?connections=7').maxConnections).toBe(7);
  });

  it.each([
    ['http://hunter2@mail.acme.test', 'cannot be read'],
    ['hunter2', 'cannot be read'],
    ['smtp://ada:hunter#2@mail.acme.test', 'cannot be read'],
    ['smtp://ada:hunter2@', 'cannot be read'],
    ['smtp://ada:12/hunter2@mail.acme.test', 'something behind host and port'],
    ['smtp://ada:12#hunter2@mail.acme.test', 'something behind host and port'],
    ['smtp://ada:12?hunter2@mail.acme.test', 'unknown parameter'],
    ['smtp://ada:hunter2@mail.acme.test:99999', 'cannot be read'],
    ['smtp://ada:hunter2@mail.acme.test?tls=hunter2', 'wrong tls'],
    ['smtp://ada:hunter2@mail.acme.test?tls=constructor', 'wrong tls'],
    ['smtp://ada:hunter2@mail.acme.test?verify=no', 'wrong verify'],
    ['smtp://ada:hunter2@mail.acme.test?connections=0', 'wrong connections'],
    ['smtp://ada:hunter2@mail.acme.test?connections=many', 'wrong connections'],
    ['smtps://ada:hunter2@mail.acme.test?tls=off', 'is smtps'],
    ['smtp://ada:hunter2%zz@mail.acme.test', 'begins no escape'],
    ['smtp://:hunter2@mail.acme.test', 'without a user'],
    ['smtp://ada@mail.acme.test', 'without a password'],
  ])('%s is refused, and the message shows no part of it', (url, why) => {
    const problem = (() => {
      try {
        return parseSmtpUrl(url);
      } catch (error) {
        return error;
      }
    })();
    expect(problem).toBeInstanceOf(Error);
    expect(String(problem)).toContain(why);
    expect(`${String(problem)} ${JSON.stringify(problem)}`).not.toMatch(/hunter|acme/);
    expect(problem).not.toHaveProperty('cause');
  });
});
