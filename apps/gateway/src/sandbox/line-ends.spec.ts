import { describe, expect, it } from '@jest/globals';
import { hasBareLineEnd } from './line-ends.js';

describe('a line end that stands alone', () => {
  it.each([
    ['a\r\nb\r\n', false],
    ['', false],
    ['no line end', false],
    ['\r\n\r\n', false],
    ['a\nb\r\n', true],
    ['\na', true],
    ['a\rb\r\n', true],
    ['a\r\r\nb', true],
    ['a\r\n\nb', true],
    ['ends with\r', true],
    ['a\n.\nMAIL FROM:<x>\r\n', true],
  ])('%j: %s', (text, expected) => expect(hasBareLineEnd(Buffer.from(text))).toBe(expected));
});
