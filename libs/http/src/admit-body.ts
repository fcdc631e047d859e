import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { bodyBytes, type BodyBudget } from './body-budget.js';
import { Problem } from './problem.js';

/** What is given back when a connection ends. One listener for each, however many requests are on their way through it. */
const held = new WeakMap<Socket, Set<() => void>>();

/** Keeps a part of the budget for a request's body until it is answered or aborted. Throws the problem `unavailable`. */
export function admitBody(request: IncomingMessage, response: ServerResponse, limit: number, budget: BodyBudget): void {
  const bytes = bodyBytes(request.headers, limit);
  if (bytes === 0 || request.socket.destroyed) return;
  const giveBack = budget.take(bytes);
  if (!giveBack) {
    throw new Problem('unavailable', 'Too many bodies are on their way. Try again.', {
      headers: { 'retry-after': '1' },
    });
  }
  // A response that waits behind another one (pipelining) is not told that its connection ended.
  const parts = partsOf(request.socket);
  parts.add(giveBack);
  response.once('close', () => {
    parts.delete(giveBack);
    giveBack();
  });
}

function partsOf(socket: Socket): Set<() => void> {
  const known = held.get(socket);
  if (known) return known;
  const parts = new Set<() => void>();
  held.set(socket, parts);
  socket.once('close', () => {
    for (const giveBack of parts) giveBack();
    parts.clear();
  });
  return parts;
}
