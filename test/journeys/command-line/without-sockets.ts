import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy before a gateway, of the kind that lets no WebSocket through. */
export async function withoutSockets(gatewayUrl: string) {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    asked.push(incoming.url ?? '');
    const { method = 'GET', headers } = incoming;
    const onward = request(`${gatewayUrl}${incoming.url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  server.on('upgrade', (_request, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The paths of all requests. */
    asked,
    stop: (): void => {
      server.close();
      server.closeAllConnections();
    },
  };
}
