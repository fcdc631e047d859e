import { describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '#domain';
import { isProblemCode, problemPage } from './problem-page.js';
import { PROBLEM_REMEDIES } from './remedies.js';

const codes = Object.keys(PROBLEMS).filter(isProblemCode);

describe('the page of a problem', () => {
  it.each(codes)('says what %s is and what to do', (code) => {
    const text = problemPage(code).replaceAll(/<[^>]*>/g, '');
    expect(text).toContain(code);
    expect(text).toContain(PROBLEM_REMEDIES[code].split(/[`<>"&]/)[0]);
  });

  it('takes nothing for a code that is none', () => {
    expect(['toString', '__proto__', 'nope', ''].filter(isProblemCode)).toEqual([]);
  });

  it('explains the codes of fields where they occur', () => {
    expect(problemPage('validation_failed')).toContain('attachment_source');
  });
});
