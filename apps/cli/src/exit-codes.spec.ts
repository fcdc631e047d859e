import { describe, expect, it } from '@jest/globals';
import { CommanderError } from 'commander';
import { MailtideError } from '#client';
import { SetupError } from '#config';
import { exitCodeOf, TimedOut } from './exit-codes.js';

const answered = (status: number): MailtideError => new MailtideError({ code: 'x', status, detail: 'no' });

describe('the exit status', () => {
  it.each([
    ['help that was asked for', new CommanderError(0, 'commander.helpDisplayed', ''), 0],
    ['a conflict', answered(409), 1],
    ['an invalid field', answered(422), 1],
    ['nobody who answers', MailtideError.unreachable('http://mail.test', undefined), 1],
    ['a bug', new TypeError('x'), 1],
    ['an unknown option', new CommanderError(1, 'commander.unknownOption', ''), 2],
    ['a bad key', answered(401), 3],
    ['a missing scope', answered(403), 3],
    ['an unknown id', answered(404), 4],
    ['a wait that was too long', new TimedOut('x'), 5],
    ['an unusable configuration', new SetupError('x'), 78],
  ])('for %s', (_what, error, status) => {
    expect(exitCodeOf(error)).toBe(status);
  });
});
