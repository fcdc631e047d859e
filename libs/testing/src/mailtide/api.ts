import { CsvBody } from './csv-body.js';

/** A REST face as a test calls it: JSON in, status, headers and JSON out. */
export class Api {
  constructor(
    private readonly baseUrl: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  get<Body = unknown>(path: string): Promise<ApiAnswer<Body>> {
    return this.call('GET', path);
  }

  post<Body = unknown>(path: string, body?: unknown): Promise<ApiAnswer<Body>> {
    return this.call('POST', path, body);
  }

  call<Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiAnswer<Body>> {
    const { headers: type, ...sent } = requestWith(body);
    return this.raw(method, path, { ...sent, headers: { ...type, ...headers } });
  }

  /** A request as it is: for bodies that are no JSON, and for headers that are wrong on purpose. */
  async raw<Body = unknown>(method: string, path: string, init: RequestInit): Promise<ApiAnswer<Body>> {
    const headers = { ...this.headers, ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch(this.baseUrl + path, { ...init, method, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) as Body };
  }
}

/** A body as it is sent, with its type. */
export function requestWith(body: unknown): { readonly body?: string; readonly headers: Record<string, string> } {
  if (body === undefined) return { headers: {} };
  if (body instanceof CsvBody) return { body: body.text, headers: { 'content-type': 'text/csv' } };
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

export interface ApiAnswer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
