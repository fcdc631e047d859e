import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import { jobAlias, type JobFactView } from '#http';
import type { Bearer, Listener, Wire } from './listener.js';
import type { LiveEvent } from './live-event.js';
import { jobInProgress } from './pace/skipped.js';

/** What this process knows of a socket. */
export interface SocketState {
  bearer: Bearer;
  listener?: Listener;
}

export type LiveSocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketState>;
export type LiveServer = Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketState>;

const FULL_BYTES = 131_072;
const FULL_PACKETS = 256;

/**
 * A client over socket.io.
 * @param mirrored the topic whose `job.progress` it also gets as `emailJob_updates`
 */
export function socketWire(socket: LiveSocket, mirrored: string | undefined): Wire {
  const { conn } = socket;
  const tcp = conn.request.socket;
  // What engine.io has not handed on: it waits until all that it handed on before has left the process.
  let packets = 0;
  conn.on('packetCreate', () => (packets += 1));
  conn.on('drain', () => (packets = 0));
  const mirror = (event: LiveEvent): void => {
    if (mirrored === undefined || event.topic !== mirrored || jobInProgress(event) === undefined) return;
    socket.emit('emailJob_updates', jobAlias(event.data as JobFactView));
  };
  return {
    kind: 'socket',
    id: socket.id,
    get isFull() {
      return packets > FULL_PACKETS || tcp.writableLength > FULL_BYTES;
    },
    get isClear() {
      return packets === 0 && tcp.writableLength === 0;
    },
    send: (event) => {
      socket.emit(event.type, event);
      mirror(event);
    },
    mirror,
    // Not socket.io's own goodbye: after that a client does not come back by itself.
    close: () => conn.close(),
    cut: () => tcp.destroy(),
    end: () => void socket.disconnect(true),
  };
}
