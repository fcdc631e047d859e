import { setTimeout as pause } from 'node:timers/promises';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly ms: number;
}

const TRIES = 60;

/** Calls the REST API and repeats what got no answer: GET, PUT and PATCH, and POST under a key. */
export class Api {
  private calls = 0;

  constructor(
    private readonly base: string,
    private readonly key: string,
  ) {}

  get(path: string): Promise<Answer> {
    return this.insist('GET', path);
  }

  send(method: 'POST' | 'PATCH', path: string, body?: object): Promise<Answer> {
    return this.insist(method, path, body);
  }

  /** The same, which must succeed; answers what came back. */
  async must(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<Record<string, unknown>> {
    const answer = await this.insist(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** @param version what it must have now; undefined: it does not exist yet */
  async put(path: string, body: object, version?: number): Promise<Record<string, unknown>> {
    const answer = await this.insist('PUT', path, body, version === undefined ? {} : { 'if-match': `"${version}"` });
    if (answer.status >= 300) throw new Error(`PUT ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** A body that is made while it is sent. */
  async upload(path: string, contentType: string, body: AsyncIterable<Uint8Array>): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.base}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.key}`, 'content-type': contentType },
      body,
      duplex: 'half',
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  private async insist(
    method: string,
    path: string,
    body?: object,
    more: Record<string, string> = {},
  ): Promise<Answer> {
    const idempotencyKey = `prove-${(this.calls += 1)}`;
    for (let tries = 1; ; tries += 1) {
      const begin = performance.now();
      try {
        const response = await fetch(`${this.base}${path}`, {
          method,
          headers: {
            ...more,
            authorization: `Bearer ${this.key}`,
            ...(body && { 'content-type': 'application/json' }),
            ...(method === 'POST' && { 'idempotency-key': idempotencyKey }),
          },
          ...(body && { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(60_000),
        });
        const answer = (await response.json()) as Record<string, unknown>;
        if (response.status < 500) return { status: response.status, body: answer, ms: performance.now() - begin };
      } catch (error) {
        if (tries >= TRIES) throw error;
      }
      if (tries >= TRIES) throw new Error(`${method} ${path}: no answer`);
      await pause(500);
    }
  }
}
