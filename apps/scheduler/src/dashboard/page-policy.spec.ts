import { describe, expect, it } from '@jest/globals';
import { pagePolicy } from './page-policy.js';

describe('what the page may do', () => {
  it('is to run its own scripts only, and to connect to the API beside it and the gateway', () => {
    const policy = pagePolicy('https://rt.example.com/base/');
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self' https://rt.example.com wss://rt.example.com;");
    expect(policy).toContain("default-src 'none'");
  });
});
