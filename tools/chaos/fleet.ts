import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '#config';
import { freePort } from '../dev/ports.js';
import { projectRoot } from '../dev/project-root.js';
import { APPS } from '../start/apps.js';
import { SupervisedApp } from '../start/supervised-app.js';

/** Waits that are short enough for a run of minutes; the rules are the same. */
export const SHORT_TIMINGS = { GRANT_SECONDS: '6', SILENT_SECONDS: '6', HOLD_SECONDS: '8', RETRY_SECONDS: '1,2,4' };

export interface FleetOptions {
  /** Addresses of the servers, and whatever else all apps are told. */
  readonly env: Readonly<Record<string, string>>;
  /** Of every app, or of each by its name. */
  readonly replicas: number | Readonly<Record<AppName, number>>;
  readonly smtpPort: number;
  readonly logDir: string;
}

export type AppName = 'scheduler' | 'poller' | 'sender' | 'gateway';

/** So many processes of each app; one that dies is started again. */
export class Fleet {
  private constructor(
    readonly key: string,
    readonly apis: readonly string[],
    readonly gateways: readonly string[],
    readonly apps: readonly { readonly label: string; readonly app: SupervisedApp }[],
  ) {}

  static async start({ env, replicas, smtpPort, logDir }: FleetOptions): Promise<Fleet> {
    mkdirSync(logDir, { recursive: true });
    const key = `mt_live_${randomBytes(64).toString('base64').replaceAll(/[+/=]/g, '').slice(0, 43)}`;
    const secret = randomBytes(32).toString('base64');
    const countOf = (app: string) => (typeof replicas === 'number' ? replicas : (replicas[app as AppName] ?? 1));
    const most = Math.max(...APPS.map(({ name }) => countOf(name)));
    const numbers = Array.from({ length: most }, (_, index) => index);
    const ports = await Promise.all(
      numbers.map(async () =>
        Promise.all(APPS.flatMap((app) => app.ports).map(async (name) => [name, await freePort()] as const)),
      ),
    );
    const portOf = (replica: number, name: string) => ports[replica]?.find(([port]) => port === name)?.[1] ?? 0;
    const url = (app: AppName, port: string) =>
      numbers.slice(0, countOf(app)).map((replica) => `http://127.0.0.1:${portOf(replica, port)}`);
    const apps = numbers.flatMap((replica) =>
      APPS.filter(({ name }) => replica < countOf(name)).map(({ name }) => {
        const label = `${name}-${replica + 1}`;
        const log = createWriteStream(join(logDir, `${label}.log`));
        const own = Object.fromEntries((ports[replica] ?? []).map(([port, number]) => [port, String(number)]));
        const app = new SupervisedApp({
          name: label,
          main: join(projectRoot(), 'dist/apps', name, 'src/main.js'),
          env: childEnvironment({
            ...env,
            ...own,
            HOST: '127.0.0.1',
            AUTH_MODE: 'keys',
            BOOTSTRAP_KEY: key,
            SECRET_KEY: secret,
            API_RATE: 'off',
            LOG_PRETTY: '0',
            INSTANCE_NAME: label,
            SMTP_URL: `smtp://127.0.0.1:${smtpPort}?tls=off`,
          }),
          say: (line) => log.write(`${new Date().toISOString()} ${line}\n`),
          onHopeless: (status, words) => log.write(`hopeless (${status}): ${words}\n`),
        });
        return { label, app };
      }),
    );
    await Promise.all(apps.map(({ app }) => app.start()));
    return new Fleet(key, url('scheduler', 'SCHEDULER_PORT'), url('gateway', 'GATEWAY_PORT'), apps);
  }

  async stop(): Promise<void> {
    await Promise.all(this.apps.map(({ app }) => app.stop()));
  }
}
