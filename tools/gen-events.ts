import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  asyncApi,
  cloudEventHeaders,
  EVENTS,
  EXAMPLE_ENVELOPE,
  EXAMPLE_TRACE,
  type EventDefinition,
  type Topic,
  TOPICS,
} from '#events';
import { projectRoot } from './dev/project-root.js';
import { type JsonSchema, typeInWords } from './gen/type-in-words.js';
import { generatedBy, keepGenerated } from './gen/keep-generated.js';
import { code, table } from './gen/table.js';

/** `npm run gen:events`: topics and events for people and for programs, from the catalogue and its golden examples. */
const SCRIPT = 'gen:events';
const SOURCE = join(projectRoot(), 'libs/events/src');

function page(): string {
  return [
    generatedBy(SCRIPT, 'libs/events/src'),
    '# Events',
    'What Mailtide writes to Kafka. Events carry ids and facts: never an address, a subject, a body or the text of a reply. The same events, with the same ids, are the timeline in the API and what sockets show.',
    'Expect an event more than once and drop known `ce_id`s; order holds per key. A released version is never edited: fields are only added, so ignore those you do not know; any other change is a new version beside the old one.',
    '## Topics',
    topics(),
    '`app.events.v1` and `email.outcome.v1` are made already and neither written nor read by this release. After brokers have lost records, events of the last 24 hours come again.',
    'Topics are created by Mailtide (`npm run migrate`, and again by the poller when one is missing), under `KAFKA_TOPIC_PREFIX` and with the number of partitions in `KAFKA_PARTITIONS` where the table says so.',
    '## Headers',
    'CloudEvents 1.0, Kafka protocol binding, binary mode. The value is the JSON of the event’s data alone.',
    table(
      ['header', 'example'],
      Object.entries({ ...cloudEventHeaders(EXAMPLE_ENVELOPE), traceparent: EXAMPLE_TRACE }).map(([name, value]) => [
        code(name),
        code(value),
      ]),
    ),
    '`traceparent` is W3C Trace Context: an event continues the trace of the HTTP request that caused it, and begins one where there was none. A work order begins one.',
    'Events from the outbox also bear `mailtide-position`, where they stand in its history: for the gateway, opaque to others.',
    ...TOPICS.flatMap(topicEvents),
  ].join('\n\n');
}

const topics = (): string =>
  table(
    ['topic', 'key', 'partitions', 'retention', 'carries'],
    TOPICS.map(({ name, key, partitions, retentionDays, cleanup, carries }) => [
      code(name),
      key,
      partitions === null ? '`KAFKA_PARTITIONS`' : String(partitions),
      `${retentionDays} ${retentionDays === 1 ? 'day' : 'days'}${cleanup === 'delete' ? '' : ', compacted'}`,
      carries,
    ]),
  );

function topicEvents(topic: Topic): string[] {
  const events = EVENTS.filter((event) => event.topic.name === topic.name);
  return events.length === 0 ? [] : [`## ${code(topic.name)}`, ...events.map(section)];
}

const section = (event: EventDefinition): string =>
  [
    `### ${code(event.ceType)}`,
    event.description,
    table(['field', 'type', 'meaning'], fields(event)),
    `\`\`\`json\n${golden(event)}\`\`\``,
  ].join('\n\n');

function fields({ read }: EventDefinition): string[][] {
  const { properties = {} } = z.toJSONSchema(read) as JsonSchema;
  return Object.entries(properties).map(([name, schema]) => [code(name), typeInWords(schema), meaningOf(schema)]);
}

const meaningOf = ({ description, anyOf = [] }: JsonSchema): string =>
  description ?? anyOf.find((one) => one.description !== undefined)?.description ?? '';

/** The example beside the event's file: the specs of libs/events hold it to the schema. */
function golden({ type, version }: EventDefinition): string {
  const name = `${type.replaceAll(/[._]/g, '-')}.v${version}.golden.json`;
  const folder = readdirSync(SOURCE).find(
    (entry) => !entry.includes('.') && readdirSync(join(SOURCE, entry)).includes(name),
  );
  if (folder === undefined) throw new Error(`${name}: there is no such example in libs/events/src`);
  return readFileSync(join(SOURCE, folder, name), 'utf8');
}

await keepGenerated(SCRIPT, () => [
  { path: 'docs/events.md', text: page() },
  { path: 'docs/api/asyncapi.json', text: JSON.stringify(asyncApi((event) => JSON.parse(golden(event)) as object)) },
]);
