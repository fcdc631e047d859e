import { MailtideError } from '../rest/mailtide-error.js';
import type { Acknowledgement, LiveEvent, Source, Update } from './live-event.js';
import { Queue } from './queue.js';

const CONNECT_MS = 5_000;
const ACK_MS = 10_000;

/** A socket.io connection for one topic. It ends when the connection does: whoever reads decides to come back. */
export const socketSource = (gatewayUrl: string, key: string | undefined): Source =>
  async function* (topic, since, signal) {
    // Loaded when it is needed: many programs only send.
    const { io } = await import('socket.io-client');
    const auth = key === undefined ? {} : { key };
    const socket = io(gatewayUrl, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: CONNECT_MS,
      auth,
    });
    const queue = new Queue<Update>();
    const stop = () => queue.close();
    signal.addEventListener('abort', stop, { once: true });
    socket.on('connect_error', (error) => queue.close(refusalOf(error, gatewayUrl)));
    socket.on('disconnect', (reason) => queue.close(MailtideError.unreachable(gatewayUrl, reason)));
    socket.onAny((_type: string, event: LiveEvent) => {
      if (typeof event?.cursor === 'string') queue.push({ kind: 'event', event });
    });
    socket.on('connect', () => {
      const ask = { topic, ...(since !== undefined && { since }) };
      socket
        .timeout(ACK_MS)
        .emitWithAck('subscribe', ask)
        .then(
          (ack: Acknowledgement) => answered(ack, since, queue),
          (error: unknown) => queue.close(MailtideError.unreachable(gatewayUrl, error)),
        );
    });
    try {
      yield* queue.read();
    } finally {
      signal.removeEventListener('abort', stop);
      socket.close();
    }
  };

function answered(ack: Acknowledgement, since: string | undefined, queue: Queue<Update>): void {
  if (!ack.ok) return queue.close(refused(ack.problem));
  if (since === undefined || ack.gap)
    queue.push({ kind: 'snapshot', snapshot: ack.snapshot, cursor: ack.cursor, gap: ack.gap });
}

/** A handshake that the gateway refused says why; anything else is a connection that did not come about. */
function refusalOf(error: Error & { readonly data?: unknown }, url: string): MailtideError {
  const { data } = error;
  const isProblem = typeof data === 'object' && data !== null && 'code' in data;
  return isProblem ? refused(data as NonNullable<Acknowledgement['problem']>) : MailtideError.unreachable(url, error);
}

const refused = (problem: Acknowledgement['problem']): MailtideError =>
  new MailtideError(
    problem?.code ?? 'unexpected_answer',
    problem?.status ?? 0,
    null,
    null,
    problem?.detail ?? 'refused',
  );
