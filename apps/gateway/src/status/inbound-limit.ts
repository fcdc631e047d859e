import type { LiveSocket } from './socket-wire.js';

const MAX_MESSAGES = 20;
const PER_MS = 1_000;

/** Disconnects a socket that sends more than 20 messages a second. */
export function allowInbound(socket: LiveSocket): void {
  let windowBegan = performance.now();
  let messages = 0;
  socket.use((_packet, next) => {
    const now = performance.now();
    if (now - windowBegan >= PER_MS) {
      windowBegan = now;
      messages = 0;
    }
    messages += 1;
    if (messages > MAX_MESSAGES) socket.disconnect(true);
    else next();
  });
}
