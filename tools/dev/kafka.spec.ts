import { describe, expect, it } from '@jest/globals';
import { newClusterId } from './kafka.js';

describe('the id of a cluster', () => {
  it('never begins with a dash: the tool that formats the data would take it for an option', () => {
    const bytes = [0xf8, 0x00].map((first) => Buffer.alloc(16, first));
    expect(newClusterId(() => bytes.shift() ?? Buffer.alloc(16))).toBe('AAAAAAAAAAAAAAAAAAAAAA');
    expect(newClusterId()).toMatch(/^[\w][\w-]{21}$/);
  });
});
