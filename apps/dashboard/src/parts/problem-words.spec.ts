import { describe, expect, it } from '@jest/globals';
import { MailtideError } from '#client';
import { problemOf } from './problem-words.js';

const invalid = (detail: string, errors: object[]) =>
  MailtideError.saying({
    code: 'validation_failed',
    status: 422,
    title: 'The request is not valid',
    detail,
    errors,
    requestId: 'req_1',
  } as never);

describe('the words of a problem', () => {
  it('are those of the API', () => {
    const errors = [
      { parameter: 'kind', code: 'unknown_value', detail: 'is none' },
      { pointer: '/count', code: 'out_of_range', detail: 'is too many' },
    ];
    expect(problemOf(invalid('2 problems', errors))).toEqual({
      title: 'The request is not valid',
      detail: '2 problems',
      errors: ['kind: is none', 'count: is too many'],
      requestId: 'req_1',
    });
  });

  it('say a single one once', () => {
    expect(problemOf(invalid('kind: is none', [{ parameter: 'kind', detail: 'is none' }])).errors).toEqual([]);
  });

  it('name it when nobody answers, and whatever else was thrown', () => {
    const away = MailtideError.unreachable('http://mail.test', 'gone');
    expect(problemOf(away)).toMatchObject({ title: 'Mailtide does not answer', requestId: null });
    expect(problemOf(new Error('no'))).toMatchObject({ title: 'Something went wrong', detail: 'no' });
  });
});
