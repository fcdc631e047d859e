import { describe, expect, it } from '@jest/globals';
import { curlOf } from './curl.js';

describe('a call for a terminal', () => {
  it('can be pasted', () => {
    expect(curlOf({ method: 'GET', path: '/v1/jobs?kind=batch' }, 'http://localhost:3000', false)).toBe(
      "curl 'http://localhost:3000/v1/jobs?kind=batch'",
    );
  });

  it('quotes what a shell would take for its own, and leaves the key to the shell', () => {
    const call = { method: 'POST', path: '/v1/load-tests', body: { ownerId: "o'neil $HOME" } } as const;
    expect(curlOf(call, 'https://mail.example', true)).toBe(
      `curl -X POST 'https://mail.example/v1/load-tests' -H "authorization: Bearer $MAILTIDE_KEY" -H 'content-type: application/json' -d '{"ownerId":"o'\\''neil $HOME"}'`,
    );
  });
});
