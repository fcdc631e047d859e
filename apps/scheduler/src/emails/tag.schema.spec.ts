import { describe, expect, it } from '@jest/globals';
import { tag } from './tag.schema.js';

describe('a tag that a list is filtered by', () => {
  it.each([
    ['team:billing', ['team', 'billing']],
    ['team:', ['team', '']],
    ['team:a:b', ['team', 'a:b']],
    ['team:Zoë 🎉', ['team', 'Zoë 🎉']],
  ])('%j is understood', (text, expected) => expect(tag.parse(text)).toEqual(expected));

  it.each([
    ['team', 'bad_format'],
    [':billing', 'bad_format'],
    ['team:a\0b', 'injection'],
    ['team:a\r\nb', 'injection'],
    ['team:\ud83c', 'bad_format'],
  ])('%j is refused as %s', (text, code) =>
    expect(tag.safeParse(text).error?.issues).toMatchObject([{ code: 'custom', params: { code } }]),
  );
});
