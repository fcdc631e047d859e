import { describe, expect, it } from '@jest/globals';
import { parseSearch, stringifySearch, textIn, textsIn } from './search.js';

describe('the search of a page', () => {
  it('stays text, whatever it looks like', () => {
    expect(parseSearch('?userid=007&active=true')).toEqual({ userid: '007', active: 'true' });
  });

  it('keeps names that come twice, there and back', () => {
    const search = parseSearch('?status=running&status=paused&ownerId=a%20b');
    expect(search).toEqual({ status: ['running', 'paused'], ownerId: 'a b' });
    expect(stringifySearch(search)).toBe('?status=running&status=paused&ownerId=a+b');
  });

  it('leaves out what is not there', () => {
    expect(stringifySearch({ kind: [], after: undefined })).toBe('');
    expect([textIn({ a: '' }, 'a'), textIn({ a: ['x', 'y'] }, 'a'), textsIn({}, 'a')]).toEqual([undefined, 'x', []]);
  });
});
