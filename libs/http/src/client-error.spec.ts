import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { answerClientError } from './client-error.js';

/** What is written to a client whose bytes became no request. */
function answerTo(code: string): string {
  const written: string[] = [];
  const socket = new Socket();
  Object.defineProperty(socket, 'writable', { value: true });
  socket.write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  answerClientError(Object.assign(new Error('x'), { code }), socket);
  expect(socket.destroyed).toBe(true);
  return written.join('');
}

describe('bytes that become no request', () => {
  it.each([
    ['ERR_HTTP_REQUEST_TIMEOUT', 'HTTP/1.1 408 Request Timeout', 'request_timeout'],
    ['HPE_HEADER_OVERFLOW', 'HTTP/1.1 431 Request Header Fields Too Large', 'headers_too_large'],
    ['HPE_INVALID_METHOD', 'HTTP/1.1 400 Bad Request', 'bad_request'],
  ])('because of %s are answered by %s', (code, line, problem) => {
    const answer = answerTo(code);
    expect(answer).toContain(`${line}\r\n`);
    expect(answer).toContain('content-type: application/problem+json');
    expect(answer).toContain(`"code":"${problem}"`);
  });

  it('are not answered where nobody is there any more', () => expect(answerTo('ECONNRESET')).toBe(''));
});
