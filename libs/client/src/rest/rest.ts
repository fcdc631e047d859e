import { type Call, headersOf, pathWith } from './call.js';
import { MailtideError } from './mailtide-error.js';
import { pause } from './pause.js';
import { isAlreadyDone, waitBeforeRetry } from './retry.js';

export interface RestOptions {
  /** Without a slash at the end. */
  readonly url: string;
  readonly key: string | undefined;
  readonly fetch: typeof fetch;
  /** How often a call is made at most that may be made again. */
  readonly tries: number;
  readonly timeoutMs: number;
}

/** How an answer is asked for that has no end. */
export interface Opening {
  readonly accept: string;
  readonly key: string | undefined;
  readonly signal: AbortSignal;
}

/** A body of rows, whole or as a stream. */
export interface Upload {
  readonly contentType: string;
  readonly body: string | Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array>;
  /** Makes it safe to repeat; one is made if none is given, but for streams. */
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** HTTP as Mailtide speaks it. Calls that are safe to repeat are repeated when nobody answers, or nobody can just now. */
export class Rest {
  constructor(private readonly options: RestOptions) {}

  /** The body of the answer; undefined where there is none. @throws MailtideError */
  call<Body>(call: Call): Promise<Body> {
    return this.repeated(call, () => this.once<Body>(call));
  }

  /** An answer whose body is read as it comes. @throws MailtideError */
  async open(path: string, query: object, { accept, key, signal }: Opening): Promise<Response> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new DOMException('', 'TimeoutError')), this.options.timeoutMs);
    const headers = { accept, ...authorization(key) };
    const init = { headers, signal: AbortSignal.any([signal, late.signal]) };
    return this.send(pathWith(path, query), init).finally(() => clearTimeout(timer));
  }

  /**
   * Sends rows; it takes as long as it takes. A body that can be read again goes under a key, one is made if none is given, so that
   * it may be sent again. A stream is sent as it comes, once: what was read of it is gone. @throws MailtideError
   */
  upload<Body>(path: string, { idempotencyKey, ...upload }: Upload): Promise<Body> {
    const { body, signal } = upload;
    if (body instanceof ReadableStream) return this.uploadOnce<Body>(path, { ...upload, idempotencyKey });
    const key = idempotencyKey ?? crypto.randomUUID();
    const call: Call = { method: 'POST', path, idempotencyKey: key, signal };
    return this.repeated(call, () => this.uploadOnce<Body>(path, { ...upload, idempotencyKey: key }));
  }

  private async repeated<Body>(call: Call, once: () => Promise<Body>): Promise<Body> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await once();
      } catch (error) {
        call.signal?.throwIfAborted();
        if (isAlreadyDone(call, error, tried)) return undefined as Body;
        const waitMs = tried < this.options.tries ? waitBeforeRetry(call, error, tried) : undefined;
        if (waitMs === undefined) throw error;
        await pause(waitMs, call.signal);
      }
    }
  }

  private async uploadOnce<Body>(path: string, { contentType, body, signal, idempotencyKey }: Upload): Promise<Body> {
    const init = {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': contentType,
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        ...authorization(this.options.key),
      },
      body,
      duplex: 'half' as const, // not known to all types: a stream is sent before it is answered
      ...(signal && { signal }),
    };
    const response = await this.send(path, init);
    const text = await response.text().catch((error: unknown) => {
      throw MailtideError.unreachable(this.options.url, error);
    });
    return parse(text, response.status) as Body;
  }

  private async once<Body>(call: Call): Promise<Body> {
    const { method, path, query, body, signal } = call;
    const timeout = AbortSignal.timeout(this.options.timeoutMs);
    const response = await this.send(pathWith(path, query), {
      method,
      headers: { ...headersOf(call), ...authorization(this.options.key) },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text().catch((error: unknown) => {
      throw MailtideError.unreachable(this.options.url, error);
    });
    return (text === '' ? undefined : parse(text, response.status)) as Body;
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    const { url } = this.options;
    const response = await this.options.fetch(`${url}${path}`, init).catch((error: unknown) => {
      throw MailtideError.unreachable(url, error);
    });
    if (!response.ok) throw await MailtideError.of(response);
    return response;
  }
}

const authorization = (key: string | undefined): Record<string, string> =>
  key === undefined ? {} : { authorization: `Bearer ${key}` };

function parse(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw MailtideError.unexpected(status);
  }
}
