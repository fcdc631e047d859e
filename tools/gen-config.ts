import { z } from 'zod';
import {
  gatewayConfig,
  migrateConfig,
  pollerConfig,
  schedulerConfig,
  senderConfig,
  startConfig,
  variableGroups,
} from '#config';
import { generatedBy, keepGenerated } from './gen/keep-generated.js';
import { code, table } from './gen/table.js';

/** `npm run gen:config`: every variable of the environment, from the schemas that read it. */
const SCRIPT = 'gen:config';

const READERS = {
  'npm start': startConfig,
  migrate: migrateConfig,
  scheduler: schedulerConfig,
  poller: pollerConfig,
  sender: senderConfig,
  gateway: gatewayConfig,
} as const;

const GROUPS: Readonly<Record<string, z.ZodRawShape>> = variableGroups;
const TITLES: Readonly<Record<keyof typeof variableGroups, string>> = {
  database: 'Postgres',
  kafka: 'Kafka',
  topics: 'Topics, when they are made',
  listening: 'Listening',
  ports: 'Ports',
  publicFace: 'How the world reaches it',
  callers: 'Who may call',
  realtime: 'Realtime',
  protection: 'The secret, and how fast callers may be',
  content: 'What emails say by default',
  sending: 'Sending',
  claiming: 'Claiming',
  timings: 'How long things wait',
  instance: 'The process itself',
  logging: 'Logs',
  compat: 'Older systems',
  localServers: 'The local servers of `npm start`',
};

/** Defaults that are made at start, so that their value says nothing here. */
const MADE_AT_START: Readonly<Record<string, string>> = {
  EHLO_NAME: 'name of the machine',
  INSTANCE_NAME: 'name of the machine and process id',
};

/** What is needed here of a schema in JSON. */
interface Described {
  readonly description?: string;
  readonly example?: string;
  readonly default?: unknown;
}

function page(): string {
  return [
    generatedBy(SCRIPT, 'libs/config/src'),
    '# Configuration',
    'Mailtide reads its environment once, when a process starts, and checks all of it: every problem is printed as `NAME: what is wrong, example`, and the process ends with status 78.',
    'Any `NAME` may be given as `NAME_FILE`, the path of a file that holds the value (for secrets that are mounted). An empty value counts as none.',
    'Nothing has to be set for `npm start`.',
    ...Object.entries(TITLES).map(([name, title]) => section(title, GROUPS[name] ?? {})),
  ].join('\n\n');
}

const section = (title: string, shape: z.ZodRawShape): string =>
  [
    `## ${title}`,
    table(
      ['variable', 'default', 'meaning', 'example', 'read by'],
      Object.entries(shape).map(([name, schema]) => row(name, schema)),
    ),
  ].join('\n\n');

function row(name: string, schema: z.core.$ZodType): string[] {
  const { description = '', example = '', default: fallback } = z.toJSONSchema(schema, { io: 'input' }) as Described;
  return [code(name), shownDefault(name, fallback), description, example && code(example), readersOf(name).join(', ')];
}

function shownDefault(name: string, fallback: unknown): string {
  const made = MADE_AT_START[name];
  if (made !== undefined) return made;
  if (typeof fallback !== 'string' && typeof fallback !== 'number') return '';
  return fallback === '' ? 'empty' : code(String(fallback));
}

function readersOf(name: string): string[] {
  const readers = Object.entries(READERS).flatMap(([reader, { shape }]) => (name in shape ? [reader] : []));
  return readers.length === Object.keys(READERS).length ? ['all'] : readers;
}

await keepGenerated(SCRIPT, () => [{ path: 'docs/config.md', text: page() }]);
