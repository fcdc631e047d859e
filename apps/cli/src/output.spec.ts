import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { CommanderError } from 'commander';
import { MailtideError, type ProblemDetails } from '#client';
import { Output } from './output.js';

function made({ outIsTTY = false, errIsTTY = false, json = false, columns = 80 } = {}) {
  const out = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: outIsTTY, columns });
  const err = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: errIsTTY });
  return {
    output: new Output({ out, err }, () => json),
    told: () => out.read() as unknown,
    failed: () => err.read() as unknown,
  };
}

const PROBLEM: ProblemDetails = {
  type: '/problems/validation_failed',
  title: 'Some fields are not right',
  status: 422,
  code: 'validation_failed',
  detail: 'Look at errors.',
  instance: '/v1/emails',
  requestId: 'req_1',
  errors: [{ pointer: '/to/0', code: 'bad_address', detail: 'this is no address' }],
  current: null,
};

describe('a result', () => {
  it('is for people on a terminal', () => {
    const { output, told } = made({ outIsTTY: true });
    output.result({ id: 1 }, () => 'one');
    expect(told()).toBe('one\n');
  });

  it.each([{}, { outIsTTY: true, json: true }])('is one JSON value in a pipe and with --json: %j', (how) => {
    const { output, told } = made(how);
    output.rows([{ id: 1 }], { id: ({ id }) => id }, 'nothing');
    expect(told()).toBe('[{"id":1}]\n');
  });

  it('is a whole table on a terminal that does not know how wide it is', () => {
    const { output, told } = made({ outIsTTY: true, columns: 0 });
    output.rows([{ id: 'em_1' }], { id: ({ id }) => id }, 'nothing');
    expect(told()).toBe('ID\nem_1\n');
  });

  it('that changes takes the place of the one before, on a terminal', () => {
    const { output, told } = made({ outIsTTY: true });
    for (const state of ['a', 'b']) output.state(state, () => state);
    output.lastState();
    expect(told()).toBe('\r\u001b[Ka\r\u001b[Kb\n');
  });

  it('that changes is a JSON value a line, in a pipe', () => {
    const { output, told } = made();
    for (const state of ['a', 'b']) output.state(state, () => state);
    output.lastState();
    expect(told()).toBe('"a"\n"b"\n');
  });
});

describe('a problem', () => {
  it('is the one of the API, word for word, where no person reads', () => {
    const { output, failed } = made({ outIsTTY: true });
    output.problem(MailtideError.saying(PROBLEM));
    expect(JSON.parse(String(failed()))).toEqual(PROBLEM);
  });

  it('says to people what failed, where, and how to find it again', () => {
    const { output, failed } = made({ errIsTTY: true });
    output.problem(MailtideError.saying(PROBLEM));
    expect(failed()).toBe(
      'Some fields are not right: Look at errors.\n  /to/0: this is no address\n(validation_failed, req_1)\n',
    );
  });

  it('says what to do when nobody answers', () => {
    const { output, failed } = made({ errIsTTY: true });
    output.problem(MailtideError.unreachable('http://localhost:3000', undefined));
    expect(failed()).toMatch(/http:\/\/localhost:3000 does not answer\. Is it running \(`npm start`\)\?.*--url/);
  });

  it('of the command itself has the same shape', () => {
    const { output, failed } = made();
    output.problem(new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'"));
    expect(JSON.parse(String(failed()))).toMatchObject({ code: 'usage', detail: "unknown option '--x'", errors: [] });
  });
});
