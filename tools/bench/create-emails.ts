import { FROM, recipient, subject, TEXT } from './bench-mail.js';
import { httpLoad, type HttpLoadResult } from './http-load.js';

const CONNECTIONS = 64;

export interface Batch {
  readonly port: number;
  readonly key: string;
  readonly count: number;
  readonly dueAt: Date;
}

/** Creates emails the way everybody does, one a request, all due at one instant. */
export function createEmails({ port, key, count, dueAt }: Batch): Promise<HttpLoadResult> {
  const scheduledAt = dueAt.toISOString();
  return httpLoad({
    port,
    count,
    connections: CONNECTIONS,
    request: (i) =>
      post(key, {
        from: FROM,
        to: [recipient(i)],
        subject: subject(i),
        text: TEXT,
        scheduledAt,
        allowPast: true,
      }),
  });
}

function post(key: string, body: object): string {
  const json = JSON.stringify(body);
  return [
    'POST /v1/emails HTTP/1.1',
    'host: 127.0.0.1',
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(json)}`,
    '',
    json,
  ].join('\r\n');
}
