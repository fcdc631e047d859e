import type { Faces } from './faces.js';

export interface BannerFacts {
  readonly elapsedMs: number;
  readonly auth: 'dev' | 'keys';
  readonly faces: Faces;
  readonly apiPort: number;
  readonly smtpPort: number;
  /** The port of our own Postgres; null when DATABASE_URL names another. */
  readonly postgresPort: number | null;
  readonly brokers: string;
  readonly topics: number;
  /** null when this Mailtide has no development key. */
  readonly testKey: string | null;
}

const AUTH = {
  dev: 'dev (this machine needs no key; nothing leaves the sandbox)',
  keys: 'keys (every request needs `Authorization: Bearer <key>`)',
} as const;

/** What `npm start` prints when everything is ready (interface 1). Programs wait for its first words. */
export function banner(facts: BannerFacts): string {
  const { api, gateway, host } = facts.faces;
  const postgres = facts.postgresPort === null ? 'external' : `embedded, port ${facts.postgresPort}`;
  const kafka = `${facts.brokers.replaceAll('127.0.0.1', 'localhost')}, ${facts.topics} topics`;
  return [
    `${`Mailtide is ready in ${(facts.elapsedMs / 1000).toFixed(1)} s`.padEnd(50)}auth: ${AUTH[facts.auth]}`,
    row(['API', `${api}/v1`], ['docs', `${api}/docs`]),
    row(['Realtime', gateway], ['Sandbox', `SMTP ${host}:${facts.smtpPort}`], `inbox ${gateway}/v1/sandbox/messages`),
    row(['Postgres', postgres], ['Kafka', kafka], facts.testKey === null ? '' : `test key  ${facts.testKey}`),
    `  ${'Try'.padEnd(13)}${tryIt(facts)}`,
  ].join('\n');
}

type Pair = readonly [label: string, value: string];

/** Three columns; a value that is too long for its own pushes the others to the right. */
const row = (first: Pair, second: Pair, third = ''): string =>
  `  ${first[0].padEnd(13)}${wide(first[1], 35, 2)}${second[0].padEnd(10)}${wide(second[1], 29, 5)}${third}`.trimEnd();

const wide = (value: string, width: number, gap: number) => value.padEnd(Math.max(width, value.length + gap));

function tryIt({ auth, faces, apiPort }: BannerFacts): string {
  const key = auth === 'dev' ? '' : " -H 'authorization: Bearer <key>'";
  const email = `{"to":"ada@example.com","subject":"Hi","text":"It works"}`;
  return `curl -X POST ${faces.host}:${apiPort}/v1/emails${key} -H 'content-type: application/json' -d '${email}'`;
}
