import 'reflect-metadata';
import { connect, type Socket } from 'node:net';
import { Body, Controller, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLog } from '#telemetry';
import { eventually } from '#testing';
import type { Callers } from './callers.js';
import { createHttpApp } from './create-http-app.js';

const MIB = 1_048_576;
const KEY = `mt_test_${'k'.repeat(43)}`;
const callers = {
  authMode: 'keys',
  find: async (key: string | undefined) => (key === KEY ? { mode: 'test' } : undefined),
} as unknown as Callers;

@Controller()
class Things {
  @Post('things')
  take(@Body() body: object): object {
    return body;
  }
}

@Module({ controllers: [Things] })
class ThingsModule {}

let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  const log = createLog({ app: 'spec', level: 'silent', pretty: false });
  app = await createHttpApp(ThingsModule, { log, callers, origins: ['https://app.example'] });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(() => app.close());

const send = (key: string, path = '/things') =>
  fetch(url + path, {
    method: 'POST',
    body: '{"a":1}',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', origin: 'https://app.example' },
  });

/** Announces a body and sends none of it. */
function announce(headers: string): { readonly socket: Socket; readonly answer: Promise<string> } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () =>
    socket.write(`POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}\r\n\r\n`),
  );
  const answer = new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(data.toString()));
    socket.once('close', () => resolve('closed'));
  });
  return { socket, answer };
}

describe('a body', () => {
  it('is taken from who has a key', async () => {
    const answer = await send(KEY);
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ a: 1 });
  });

  it('is refused to everybody else before it has come, and a page can see why', async () => {
    const { socket, answer } = announce(`Origin: https://app.example\r\nContent-Length: ${MIB}`);
    const text = await answer;
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
    expect(text).toMatch(/access-control-allow-origin: https:\/\/app\.example/i);
    socket.destroy();
  });

  it('for a path that does not exist is 404, with or without a key', async () => {
    expect((await send('nobody', '/nothing')).status).toBe(404);
  });

  it.each([`Content-Length: ${MIB}`, 'Transfer-Encoding: chunked'])(
    'finds no place while others with %s occupy them all, and finds one when they are gone',
    async (headers) => {
      const others = Array.from({ length: 64 }, () => announce(`Authorization: Bearer ${KEY}\r\n${headers}`));
      await eventually(async () => {
        const answer = await send(KEY);
        expect(answer.status).toBe(503);
        expect(answer.headers.get('retry-after')).toBe('1');
        expect(await answer.json()).toMatchObject({ code: 'unavailable' });
      }, 5_000);
      for (const { socket } of others) socket.destroy();
      await eventually(async () => expect((await send(KEY)).status).toBe(201), 5_000);
    },
  );

  it('has 30 s to come, its headers less (Node swaps the two where they are the other way round)', () => {
    expect(app.getHttpServer()).toMatchObject({ requestTimeout: 30_000, headersTimeout: 10_000 });
  });

  it('gives its place back when it is answered, however often', async () => {
    for (let count = 0; count < 70; count += 1) {
      const { socket, answer } = announce(`Authorization: Bearer ${KEY}\r\nContent-Length: ${MIB + count + 1}`);
      expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
      socket.destroy();
    }
    expect((await send(KEY)).status).toBe(201);
  });
});
