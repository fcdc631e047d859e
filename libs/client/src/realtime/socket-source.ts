import { isProblem, MailtideError } from '../rest/mailtide-error.js';
import {
  type Acknowledgement,
  type LiveEvent,
  type Opened,
  openingOf,
  type Source,
  type Update,
} from './live-event.js';
import { Queue } from './queue.js';
import type { Shown } from './shown.js';

const CONNECT_MS = 5_000;
const ACK_MS = 10_000;
/** Who reads slower than things happen comes back later with a cursor: the database remembers, not this process. */
const MAX_WAITING = 10_000;

/** A socket.io connection for one topic. It ends when the connection does: whoever reads decides to come back. */
export const socketSource = (url: string, show: Shown): Source =>
  async function* (topic, since, signal) {
    // Loaded when it is needed: many programs only send.
    const { io } = await import('socket.io-client');
    const auth = await show(topic, signal);
    const socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: CONNECT_MS,
      auth,
    });
    const queue = new Queue<Update | Opened>(MAX_WAITING, () =>
      MailtideError.unreachable(url, 'it is read too slowly'),
    );
    const stop = () => queue.close();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    socket.on('connect_error', (error) => queue.close(refusalOf(error, url)));
    socket.on('disconnect', (reason) => queue.close(MailtideError.unreachable(url, reason)));
    socket.onAny((_type: string, event: Partial<LiveEvent> | undefined) => {
      if (event?.topic === topic) queue.push({ kind: 'event', event: event as LiveEvent });
    });
    socket.on('connect', () => {
      const ask = { topic, ...(since !== undefined && { since }) };
      const answer = socket.timeout(ACK_MS).emitWithAck('subscribe', ask) as Promise<Acknowledgement>;
      answer.then(
        (ack) => answered(ack, since, queue),
        (error: unknown) => queue.close(MailtideError.unreachable(url, error)),
      );
    });
    try {
      yield* queue.read();
    } finally {
      signal.removeEventListener('abort', stop);
      socket.close();
    }
  };

function answered(ack: Acknowledgement, since: string | undefined, queue: Queue<Update | Opened>): void {
  if (!ack.ok) return queue.close(MailtideError.saying(ack.problem));
  queue.push(openingOf(ack, since));
}

/** A handshake that the gateway refused says why; anything else is a connection that did not come about. */
const refusalOf = (error: Error & { readonly data?: unknown }, url: string): MailtideError =>
  isProblem(error.data) ? MailtideError.saying(error.data) : MailtideError.unreachable(url, error);
