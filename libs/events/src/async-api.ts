import { appEventsTopic } from './app-events/topic.js';
import { EVENTS } from './catalogue.js';
import { cloudEventHeaders, type EventEnvelope } from './cloud-event.js';
import type { EventDefinition } from './define-event.js';
import { emailDeadLetterTopic } from './email-dead-letter/topic.js';
import { eventSchema } from './json-schema.js';
import type { Topic } from './topic.js';
import { TOPICS } from './topics.js';

const DAY_MS = 86_400_000;
/** An event's envelope as documents show it. */
export const EXAMPLE_ENVELOPE: EventEnvelope = {
  id: 'evt_01m8rf20g7e6m8x2s9v4c1t5qz',
  type: 'delivery.sent',
  version: 1,
  source: 'sender',
  subject: 'dl_01m8rf20g6ekd9jbb81k6sxq3w',
  time: '2027-01-06T09:01:07.390Z',
  tenantId: '019b1d05-3c62-7f10-8a54-0d6e4f0b9a21',
  mode: 'test',
};
export const EXAMPLE_TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-0f1c2b3a49586776-01';

/** What Mailtide writes to Kafka as AsyncAPI 3.0. @param exampleOf the data of an event; left out, there are no examples */
export function asyncApi(exampleOf?: (event: EventDefinition) => object): object {
  const events = [...new Map(EVENTS.map((event) => [event.ceType, event])).values()];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Mailtide events',
      version: '1',
      description:
        'CloudEvents 1.0 in binary mode. Ids and facts: never an address, a subject, a body or a reply text.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: { local: { host: 'localhost:19092', protocol: 'kafka', description: 'as `npm start` runs it' } },
    channels: Object.fromEntries(TOPICS.map((topic) => [topic.name, channel(topic)])),
    operations: Object.fromEntries(TOPICS.filter(isWritten).map((topic) => [topic.name, operation(topic)])),
    components: {
      messages: {
        ...Object.fromEntries(events.map((event) => [event.ceType, message(event, exampleOf)])),
        ...OTHER_MESSAGES,
      },
      schemas: { Headers: headers() },
    },
  };
}

/** Messages that are no events of ours. */
const OTHER_MESSAGES = {
  DeadLetter: {
    name: 'DeadLetter',
    summary: 'A record that nobody could process: its key, its value and its headers as they were, and these headers.',
    headers: {
      type: 'object',
      properties: Object.fromEntries(
        [
          'x-original-topic',
          'x-original-partition',
          'x-original-offset',
          'x-original-timestamp',
          'x-consumer-group',
          'x-error-code',
          'x-error-message',
          'x-attempts',
          'x-failed-at',
          'x-dead-letter-id',
        ].map((name) => [name, { type: 'string' }]),
      ),
    },
    payload: {},
  },
  ApplicationEvent: {
    name: 'ApplicationEvent',
    summary:
      'Written by applications, read by a later release: a CloudEvent in binary or structured mode, or plain JSON.',
    payload: {
      type: 'object',
      properties: {
        type: { type: 'string' },
        id: { type: 'string' },
        time: { type: 'string', format: 'date-time' },
        data: { type: 'object' },
      },
    },
  },
} as const;
const OTHERS_OF: Readonly<Record<string, keyof typeof OTHER_MESSAGES>> = {
  [emailDeadLetterTopic.name]: 'DeadLetter',
  [appEventsTopic.name]: 'ApplicationEvent',
};

/** The names of the messages of a topic, each once. */
const messagesOf = ({ name }: Topic): string[] => [
  ...new Set(EVENTS.filter((event) => event.topic.name === name).map(({ ceType }) => ceType)),
  ...(OTHERS_OF[name] === undefined ? [] : [OTHERS_OF[name]]),
];

/** Topics that are made for later releases have no operation yet. */
const isWritten = (topic: Topic): boolean => messagesOf(topic).length > 0 && topic.name !== appEventsTopic.name;

const operation = (topic: Topic): object => ({
  action: 'send',
  channel: { $ref: `#/channels/${topic.name}` },
  messages: messagesOf(topic).map((name) => ({ $ref: `#/channels/${topic.name}/messages/${name}` })),
});

const channel = (topic: Topic): object => ({
  address: topic.name,
  description: `${topic.carries}. Key: ${topic.key}.`,
  messages: Object.fromEntries(messagesOf(topic).map((name) => [name, { $ref: `#/components/messages/${name}` }])),
  bindings: {
    kafka: {
      ...(topic.partitions !== null && { partitions: topic.partitions }),
      topicConfiguration: {
        'cleanup.policy': topic.cleanup.split(','),
        'retention.ms': topic.retentionDays * DAY_MS,
      },
      bindingVersion: '0.5.0',
    },
  },
});

const message = (event: EventDefinition, exampleOf?: (event: EventDefinition) => object): object => ({
  name: event.ceType,
  title: event.type,
  summary: event.description,
  contentType: 'application/json',
  headers: { $ref: '#/components/schemas/Headers' },
  payload: eventSchema(event),
  ...(exampleOf && { examples: [{ payload: exampleOf(event) }] }),
});

const headers = (): object => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries({ ...cloudEventHeaders(EXAMPLE_ENVELOPE), traceparent: EXAMPLE_TRACE }).map(([name, value]) => [
      name,
      { type: 'string', examples: [value] },
    ]),
  ),
});
