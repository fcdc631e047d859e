import type { Faces } from './faces.js';

export interface BannerFacts {
  readonly elapsedMs: number;
  readonly auth: 'dev' | 'keys';
  readonly faces: Faces;
  readonly apiPort: number;
  readonly smtpPort: number;
  /** Where live mail goes, without user and password; null when it waits for an SMTP_URL. */
  readonly liveMail: string | null;
  /** Whether BOOTSTRAP_KEY is set. */
  readonly hasBootstrapKey: boolean;
  /** The port of our own Postgres; null when DATABASE_URL names another. */
  readonly postgresPort: number | null;
  readonly brokers: string;
  readonly topics: number;
  /** null when this Mailtide has no development key. */
  readonly testKey: string | null;
}

/** What `npm start` prints when everything is ready (interface 1); a screen that is too narrow for it gets a fact a line. Programs wait for its first words. */
export function banner(facts: BannerFacts, columns = Infinity): string {
  const wide = inColumns(facts);
  return wide.some((line) => line.length > columns) ? inLines(facts).join('\n') : wide.join('\n');
}

const ready = ({ elapsedMs }: BannerFacts) => `Mailtide is ready in ${(elapsedMs / 1000).toFixed(1)} s`;

function inColumns(facts: BannerFacts): string[] {
  const { dashboard, api, docs, realtime, sandbox, inbox, postgres, kafka, testKey, liveMail } = values(facts);
  return [
    `${ready(facts).padEnd(50)}auth: ${auth(facts)}`,
    row(['Dashboard', dashboard], ['API', api], `docs  ${docs}`),
    row(['Realtime', realtime], ['Sandbox', sandbox], `inbox ${inbox}`),
    row(['Postgres', postgres], ['Kafka', kafka], testKey === null ? '' : `test key  ${testKey}`),
    ...(liveMail === null ? [] : [fact('Live mail', liveMail)]),
    fact('Try', tryIt(facts)),
  ];
}

function inLines(facts: BannerFacts): string[] {
  const { dashboard, api, docs, realtime, sandbox, inbox, postgres, kafka, testKey, liveMail } = values(facts);
  return [
    ready(facts),
    fact('auth', auth(facts)),
    fact('Dashboard', dashboard),
    fact('API', api),
    fact('docs', docs),
    fact('Realtime', realtime),
    fact('Sandbox', sandbox),
    fact('inbox', inbox),
    fact('Postgres', postgres),
    fact('Kafka', kafka),
    ...(testKey === null ? [] : [fact('test key', testKey)]),
    ...(liveMail === null ? [] : [fact('Live mail', liveMail)]),
    fact('Try', tryIt(facts)),
  ];
}

function values({ faces, smtpPort, postgresPort, brokers, topics, testKey, liveMail }: BannerFacts) {
  return {
    dashboard: `${faces.api}/app`,
    api: `${faces.api}/v1`,
    docs: `${faces.api}/docs`,
    realtime: faces.gateway,
    sandbox: `SMTP ${faces.host}:${smtpPort}`,
    inbox: `${faces.gateway}/v1/sandbox/messages`,
    postgres: postgresPort === null ? 'external' : `embedded, port ${postgresPort}`,
    kafka: `${brokers.replaceAll('127.0.0.1', 'localhost')}, ${topics} topics`,
    testKey,
    liveMail: liveMail === null ? null : `${liveMail}, with a live key`,
  };
}

function auth({ auth: mode, liveMail, hasBootstrapKey }: BannerFacts): string {
  if (mode === 'dev') {
    const reach = liveMail === null ? 'nothing leaves the sandbox' : 'test mail stays in the sandbox';
    return `dev (this machine needs no key; ${reach})`;
  }
  const key = hasBootstrapKey ? 'BOOTSTRAP_KEY is one' : 'set BOOTSTRAP_KEY to make one';
  return `keys (every request needs \`Authorization: Bearer <key>\`; ${key})`;
}

type Pair = readonly [label: string, value: string];

/** Three columns; a value that is too long for its own pushes the others to the right. */
const row = (first: Pair, second: Pair, third = ''): string =>
  `  ${first[0].padEnd(13)}${wide(first[1], 35, 2)}${second[0].padEnd(10)}${wide(second[1], 29, 5)}${third}`.trimEnd();

const fact = (label: string, value: string): string => `  ${label.padEnd(13)}${value}`;

const wide = (value: string, width: number, gap: number) => value.padEnd(Math.max(width, value.length + gap));

function tryIt({ auth: mode, faces, apiPort }: BannerFacts): string {
  const key = mode === 'dev' ? '' : " -H 'authorization: Bearer <key>'";
  const email = `{"to":"ada@example.com","subject":"Hi","text":"It works"}`;
  return `curl -X POST ${faces.host}:${apiPort}/v1/emails${key} -H 'content-type: application/json' -d '${email}'`;
}
