import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { cliWith } from './cli.js';
import { Output } from './output.js';
import { makeProgram } from './program.js';

const streams = { out: new PassThrough(), err: new PassThrough() };
const program = makeProgram(() => cliWith(new Output(streams, () => false), () => ({})));

/** Every command at any depth, with the words that call it. */
const all = (command: Command, words = ''): [string, Command][] =>
  command.commands.flatMap((inner) => {
    const name = `${words} ${inner.name()}`.trim();
    return [[name, inner] as [string, Command], ...all(inner, name)];
  });

describe('mailtide', () => {
  it('knows the commands of interface 7', () => {
    expect(all(program).map(([name]) => name)).toEqual(
      expect.arrayContaining(
        'schedule,ls,get,edit,timeline,explain,watch,cancel,send-now,pause,resume,doctor,status,keys create,keys ls,keys revoke,load,jobs retry,deadletters ls,deadletters show,deadletters discard,redrive'.split(
          ',',
        ),
      ),
    );
  });

  it.each(all(program))('says what `%s` does, and what each of its options is for', (_name, command) => {
    expect(command.description()).not.toBe('');
    for (const { description, flags } of command.options) expect([flags, description]).not.toEqual([flags, '']);
    expect(command.helpInformation()).toContain('Usage: mailtide ');
  });
});
