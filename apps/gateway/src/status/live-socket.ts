import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { Caller } from '#http';

/** What this process knows of a socket. */
export interface SocketState {
  caller: Caller;
  /** As shown in the handshake; undefined: none, which is the developer at this machine. */
  key: string | undefined;
  /** Names of the topics that it is subscribed to, or about to be. */
  readonly topics: Set<string>;
}

export type LiveSocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketState>;
export type LiveServer = Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketState>;
