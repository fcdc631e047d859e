import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ScriptedSmtpServer } from './smtp-replies.js';

const SILENT_MS = 100;
let server: ScriptedSmtpServer;

beforeEach(async () => {
  const settings = { authOptional: true, disableReverseLookup: true, disabledCommands: ['STARTTLS'] };
  server = new ScriptedSmtpServer({ ...settings, socketTimeout: 60_000 }, SILENT_MS);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
});
afterEach(() => new Promise<void>((resolve) => server.close(resolve)));

/** Says the lines one by one, each after a reply; what it heard to the last is in `heard`. */
async function say(...lines: readonly string[]): Promise<{ readonly socket: Socket; readonly heard: () => string }> {
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  let all = '';
  socket.on('data', (data: Buffer) => (all += data.toString()));
  await once(socket, 'data');
  for (const line of lines) {
    socket.write(line);
    await once(socket, 'data');
  }
  return { socket, heard: () => all };
}

describe('a client that is silent', () => {
  it.each([[[]], [['EHLO spec.test\r\n']], [['EHLO spec.test\r\n', 'NOOP\r\n']]])(
    'after %j and before its first MAIL is sent away',
    async (lines) => {
      const { socket, heard } = await say(...lines);
      await once(socket, 'end');
      expect(heard()).toMatch(/\r\n421 .*\r\n$/);
      socket.destroy();
    },
  );

  it('after its MAIL has the time that a transaction has', async () => {
    const sender = await say('EHLO spec.test\r\n', 'MAIL FROM:<bob@example.com>\r\n');
    const other = await say('EHLO spec.test\r\n');
    await once(other.socket, 'end');
    sender.socket.write('NOOP\r\n');
    await once(sender.socket, 'data');
    expect(sender.heard()).toMatch(/\r\n250 .*\r\n250 [^\r]*\r\n$/);
    sender.socket.destroy();
    other.socket.destroy();
  });
});
