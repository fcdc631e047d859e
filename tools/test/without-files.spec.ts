import { describe, expect, it } from '@jest/globals';
import { withoutFiles } from './without-files.js';

const files = ['/project/libs/storage/src/emails/insert-email.int.spec.ts', '/project/libs/http/src/etag.spec.ts'];

describe('a path that was named for a test run', () => {
  it('needs one file at least, whatever its case', () => {
    expect(withoutFiles(['libs/storage', 'ETAG', 'emails/.*insert'], files)).toEqual([]);
  });

  it('is told when no file was meant', () => {
    expect(withoutFiles(['libs/typo', 'libs/http'], files)).toEqual(['libs/typo']);
    expect(withoutFiles(['libs'], [])).toEqual(['libs']);
  });
});
