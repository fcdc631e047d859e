import { describe, expect, it } from '@jest/globals';
import { checkOrigin } from './origin.js';

const ORIGINS = ['http://localhost:3000', 'https://app.example'];

describe('who may reach a machine that needs no key', () => {
  it.each([
    [{ host: 'localhost' }],
    [{ host: 'localhost:3000' }],
    [{ host: '127.0.0.1:65535' }],
    [{ host: '[::1]' }],
    [{ host: '[::1]:3000' }],
    [{ host: 'LocalHost', origin: 'https://app.example' }],
    [{ host: 'localhost', origin: 'http://localhost:3000' }],
  ])('%j', (headers) => expect(() => checkOrigin(headers, ORIGINS)).not.toThrow());

  it.each([
    [{}],
    [{ host: '' }],
    [{ host: 'evil.example' }],
    [{ host: 'localhost.evil.example' }],
    [{ host: 'evil.example:80' }],
    [{ host: '0.0.0.0' }],
    [{ host: '127.0.0.2' }],
    [{ host: '::1' }],
    [{ host: 'localhost', origin: 'null' }],
    [{ host: 'localhost', origin: '' }],
    [{ host: 'localhost', origin: 'http://localhost' }],
    [{ host: 'localhost', origin: 'https://app.example/' }],
    [{ host: 'localhost', origin: 'https://app.example.evil.example' }],
  ])('%j is not let in', (headers) => {
    expect(() => checkOrigin(headers, ORIGINS)).toThrow(expect.objectContaining({ code: 'origin_not_allowed' }));
  });
});
