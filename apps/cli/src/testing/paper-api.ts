import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { cliWith } from '../cli.js';
import { exitCodeOf } from '../exit-codes.js';
import { Output } from '../output.js';
import { makeProgram } from '../program.js';

interface Asked {
  /** `POST /v1/campaigns` */
  readonly what: string;
  readonly body: string;
}

export interface Run {
  readonly status: number;
  readonly values: readonly unknown[];
  readonly problem: unknown;
}

/** What the API answers: a JSON value, or a problem with its status. By method and path; anything else is not found. */
export type Answers = Readonly<Record<string, object | { readonly status: number; readonly problem: object }>>;

/** An API that answers as it is told, and the command line before it. For specs. */
export async function paperApi(answers: Answers) {
  const asked: Asked[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const what = `${request.method} ${new URL(request.url ?? '', 'http://paper').pathname}`;
    asked.push({ what, body: await text(request) });
    const said = answers[what] ?? refusal(404, 'not_found', what);
    const isProblem = 'problem' in said && 'status' in said;
    response.writeHead(isProblem ? Number(said.status) : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isProblem ? said.problem : said));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    /** Runs `mailtide …`. */
    run: (...words: string[]): Promise<Run> => run(url, words),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** An answer that says why not. */
export const refusal = (status: number, code: string, detail: string) => ({
  status,
  problem: { title: 'No', status, code, detail, requestId: 'req_1', errors: [] },
});

async function run(url: string, words: readonly string[]): Promise<Run> {
  const streams = { out: new PassThrough(), err: new PassThrough() };
  const out = new Output(streams, () => true);
  const program = makeProgram(() => cliWith(out, () => ({ url, gatewayUrl: url, key: 'mt_test_x' })));
  let status = 0;
  try {
    await program.parseAsync(['node', 'mailtide', ...words]);
  } catch (error) {
    status = exitCodeOf(error);
    out.problem(error);
  }
  streams.out.end();
  streams.err.end();
  const [said, wrong] = await Promise.all([text(streams.out), text(streams.err)]);
  const values = said.split('\n').filter(Boolean);
  return {
    status,
    values: values.map((value) => JSON.parse(value) as unknown),
    problem: wrong === '' ? undefined : (JSON.parse(wrong) as unknown),
  };
}
