import { MailtideError } from './mailtide-error.js';

export interface RestOptions {
  /** Without a slash at the end. */
  readonly url: string;
  readonly key: string | undefined;
  readonly fetch: typeof fetch;
  /** How often a call is made at most that may be made again. */
  readonly tries: number;
  readonly timeoutMs: number;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: object | undefined;
  readonly body?: unknown;
  /** Makes a POST safe to repeat. */
  readonly idempotencyKey?: string | undefined;
  /** The version that the caller last saw. */
  readonly ifVersion?: number | undefined;
}

/** HTTP as Mailtide speaks it. Calls that are safe to repeat are repeated when nobody answers, or on 429 and 503. */
export class Rest {
  constructor(private readonly options: RestOptions) {}

  /** The body of the answer; undefined where there is none. @throws MailtideError */
  async call<Body>(call: Call): Promise<Body> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.once<Body>(call);
      } catch (error) {
        const waitMs = tried < this.options.tries && isRepeatable(call) ? waitBeforeRetry(error, tried) : undefined;
        if (waitMs === undefined) throw error;
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  /** An answer whose body is read as it comes. @throws MailtideError */
  async open(
    path: string,
    query: object,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response> {
    const url = `${this.options.url}${path}${queryText(query)}`;
    return this.send(url, { headers: { ...this.authorization(), ...headers }, signal });
  }

  private async once<Body>(call: Call): Promise<Body> {
    const { method, path, query, body } = call;
    const response = await this.send(`${this.options.url}${path}${queryText(query)}`, {
      method,
      headers: { ...this.authorization(), ...headersOf(call) },
      signal: AbortSignal.timeout(this.options.timeoutMs),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  }

  private async send(url: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await this.options.fetch(url, init);
    } catch (error) {
      throw MailtideError.unreachable(this.options.url, error);
    }
    if (!response.ok) throw await MailtideError.of(response);
    return response;
  }

  private authorization(): Record<string, string> {
    const { key } = this.options;
    return key === undefined ? {} : { authorization: `Bearer ${key}` };
  }
}

const headersOf = ({ body, idempotencyKey, ifVersion }: Call): Record<string, string> => ({
  ...(body !== undefined && { 'content-type': 'application/json' }),
  ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  ...(ifVersion !== undefined && { 'if-match': `"${ifVersion}"` }),
});

const isRepeatable = ({ method, idempotencyKey }: Call): boolean =>
  method === 'GET' || method === 'PUT' || method === 'DELETE' || idempotencyKey !== undefined;

const REPEATED = new Set(['unreachable', 'rate_limited', 'unavailable', 'draining', 'idempotency_in_progress']);
const FIRST_WAIT_MS = 250;

/** undefined: trying again is no use. */
function waitBeforeRetry(error: unknown, tried: number): number | undefined {
  if (!(error instanceof MailtideError) || !REPEATED.has(error.code)) return undefined;
  return error.retryAfterSeconds === null ? FIRST_WAIT_MS * 2 ** (tried - 1) : error.retryAfterSeconds * 1_000;
}

/** Lists repeat their name; what is undefined is left out. */
function queryText(query: object = {}): string {
  const pairs: [string, string][] = Object.entries(query).flatMap(([name, value]: [string, unknown]) =>
    [value].flat().flatMap((one) => (one === undefined ? [] : [[name, String(one)] as [string, string]])),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}
