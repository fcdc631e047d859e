import { describe, expect, it } from '@jest/globals';
import { parseSearch, stringifySearch } from '../../search.js';
import { readJobsSearch } from './jobs-search.js';

describe('the filters in the URL', () => {
  it.each(['', '?kind=batch', '?kind=batch&kind=bulk&status=running&active=true&ownerId=1&after=c_1', '?before=c_2'])(
    'come back as they were: %j',
    (url) => expect(stringifySearch({ ...readJobsSearch(parseSearch(url)) })).toBe(url),
  );

  it('leave out what the page does not know, and one of two places', () => {
    expect(readJobsSearch(parseSearch('?utm=x&status=&after=a&before=b'))).toEqual({ after: 'a' });
  });
});
