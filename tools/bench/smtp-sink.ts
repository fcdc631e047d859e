import { createServer } from 'node:net';
import { SinkSession } from './sink-session.js';
import { wallMs } from './wall-clock.js';

/** What the sink saw since it was last asked to forget. */
export interface Arrivals {
  readonly accepted: number;
  /** Different Message-IDs: fewer than accepted means that something came twice. */
  readonly distinct: number;
  /** Milliseconds since 1970, with fractions, at each final dot. */
  readonly acceptedAtMs: readonly number[];
}

/** A fast SMTP server in a process of its own: accepts mail, notes when, throws it away. Asked: `count`, `report`, `forget`. */
let acceptedAtMs: number[] = [];
let ids = new Set<string>();
const MESSAGE_ID = /^Message-ID: *(\S+)/im;

const server = createServer(
  (socket) =>
    new SinkSession(socket, (head) => {
      acceptedAtMs.push(wallMs());
      ids.add(MESSAGE_ID.exec(head)?.[1] ?? '');
      return true;
    }),
);

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address ? address.port : 0);
});

process.on('message', (question) => process.send?.(answerTo(question)));
process.on('disconnect', () => process.exit(0));

function answerTo(question: unknown): number | Arrivals {
  if (question === 'report') return { accepted: acceptedAtMs.length, distinct: ids.size, acceptedAtMs };
  if (question === 'forget') {
    acceptedAtMs = [];
    ids = new Set();
  }
  return acceptedAtMs.length;
}
