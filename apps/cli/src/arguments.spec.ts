import { describe, expect, it } from '@jest/globals';
import { InvalidArgumentError } from 'commander';
import { fileOrInput, seconds, tag, tenantName, webAddress, wholeNumber } from './arguments.js';

describe('what stands behind an option', () => {
  const UP_TO_TEN = wholeNumber(0, 10);

  it('is a whole number in its range', () => {
    expect(UP_TO_TEN('0')).toBe(0);
    expect(UP_TO_TEN('10')).toBe(10);
  });

  it('is a number of seconds, also a part of one', () => {
    expect(seconds('0.5')).toBe(0.5);
  });

  it('is a web address', () => {
    expect(webAddress('http://localhost:3000')).toBe('http://localhost:3000');
  });

  it('is a tag; each time adds one', () => {
    expect(tag('b=2=3', tag('a=1'))).toEqual({ a: '1', b: '2=3' });
  });

  it.each<[string, () => unknown]>([
    ['a number beyond its range', () => UP_TO_TEN('11')],
    ['half a number', () => UP_TO_TEN('1.5')],
    ['nothing for a number', () => UP_TO_TEN('')],
    ['no time at all', () => seconds('0')],
    ['endless seconds', () => seconds('Infinity')],
    ['a host for an address', () => webAddress('localhost:3000')],
    ['a tag without a name', () => tag('=1')],
    ['a tenant with a space', () => tenantName('acme inc')],
    ['a file that is not there', () => fileOrInput('/nowhere/at.all')],
  ])('is not %s', (_what, parse) => {
    expect(parse).toThrow(InvalidArgumentError);
  });
});
