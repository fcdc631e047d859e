import { createServer } from 'node:net';
import { SinkSession } from '../bench/sink-session.js';
import { wallMs } from '../bench/wall-clock.js';
import type { Arrival } from './evidence.js';
import { seededRandom } from './random.js';

const DELIVERY = /^X-Mailtide-Delivery: *(\S+)/im;
const SUBJECT = /^Subject: *([^\r]*)/im;

/** An SMTP server in a process of its own that nobody kills: it notes every message before it answers. Asked: `count`, `report`, `take` (report and forget). */
const arrivals: Arrival[] = [];
/** One in so many messages is read whole, and then the connection is cut instead of answered; 0: none. */
const [, , seed = '1', cutOneIn = '0'] = process.argv;
const random = seededRandom(Number(seed));
const cutShare = Number(cutOneIn) > 0 ? 1 / Number(cutOneIn) : 0;

const server = createServer(
  (socket) =>
    new SinkSession(socket, (head) => {
      const answered = random() >= cutShare;
      arrivals.push({
        deliveryId: DELIVERY.exec(head)?.[1] ?? '',
        subject: SUBJECT.exec(head)?.[1] ?? '',
        atMs: wallMs(),
        answered,
      });
      return answered;
    }),
);

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address ? address.port : 0);
});
process.on('message', (question) => {
  if (question === 'take') process.send?.(arrivals.splice(0));
  else process.send?.(question === 'report' ? arrivals : arrivals.length);
});
process.on('disconnect', () => process.exit(0));
