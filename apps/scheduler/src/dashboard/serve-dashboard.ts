import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MISSING_PAGE, MISSING_POLICY } from './missing-page.js';
import { pagePolicy } from './page-policy.js';

export interface DashboardOptions {
  /** Where the page listens. */
  readonly gatewayUrl: string;
  readonly authMode: 'dev' | 'keys';
  /** What Vite built; `dist/dashboard` if not given. */
  readonly folder?: string;
}

const ASSET = /^[\w-][\w.-]*$/;
/** Assets bear the hash of what is in them. */
const FOR_EVER = { maxAge: '365d', immutable: true } as const;

/**
 * Serves the dashboard under /app: its assets, `config.json`, and the page itself at every other path, so that deep links
 * survive a reload. It may be built while we run; until then its paths say how (503).
 */
export async function serveDashboard(
  app: NestFastifyApplication,
  { gatewayUrl, authMode, folder = builtFolder() }: DashboardOptions,
): Promise<void> {
  const server = app.getHttpAdapter().getInstance();
  const policy = pagePolicy(gatewayUrl);
  const config = { gatewayUrl, authMode, version: versionAbove() };
  const page = (_request: FastifyRequest, reply: FastifyReply) => {
    void reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'same-origin');
    if (!existsSync(join(folder, 'index.html'))) return sendMissing(reply);
    return reply
      .headers({ 'content-security-policy': policy, 'cache-control': 'no-cache' })
      .sendFile('index.html', folder, { cacheControl: false });
  };
  await server.register(fastifyStatic, { root: folder, serve: false, logLevel: 'error' });
  server.get('/', (request, reply) => reply.redirect(`/app/${request.url.slice(1)}`, 302));
  server.get('/app/config.json', (_request, reply) => reply.header('cache-control', 'no-cache').send(config));
  server.get<{ Params: { '*': string } }>('/app/assets/*', ({ params: { '*': name } }, reply) => {
    if (!ASSET.test(name)) return reply.callNotFound();
    return reply.header('x-content-type-options', 'nosniff').sendFile(`assets/${name}`, folder, FOR_EVER);
  });
  server.get('/app', page);
  server.get('/app/*', page);
}

const sendMissing = (reply: FastifyReply) =>
  reply
    .status(503)
    .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': MISSING_POLICY })
    .send(MISSING_PAGE);

/** From the sources as from a build the root is as many folders above, or one more. */
const rootAbove = (file: string): URL | undefined =>
  ['../../../../', '../../../../../']
    .map((above) => new URL(above, import.meta.url))
    .find((root) => existsSync(new URL(file, root)));

const builtFolder = (): string =>
  fileURLToPath(new URL('dist/dashboard', rootAbove('package.json') ?? import.meta.url));

function versionAbove(): string {
  const root = rootAbove('package.json');
  return root
    ? (JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string }).version
    : 'unknown';
}
