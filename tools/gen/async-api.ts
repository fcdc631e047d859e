import { z } from 'zod';
import { cloudEventHeaders, type EventDefinition, type EventEnvelope, EVENTS, type Topic, TOPICS } from '#events';

const DAY_MS = 86_400_000;

/** What Mailtide writes to Kafka as AsyncAPI 3.0. `golden` is the example of an event's data, as JSON. */
export function asyncApi(example: EventEnvelope, golden: (event: EventDefinition) => string): object {
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
    operations: Object.fromEntries(
      TOPICS.map(({ name }) => [name, { action: 'send', channel: { $ref: `#/channels/${name}` } }]),
    ),
    components: {
      messages: Object.fromEntries(events.map((event) => [event.ceType, message(event, golden)])),
      schemas: { Headers: headers(example) },
    },
  };
}

function channel(topic: Topic): object {
  const events = EVENTS.filter((event) => event.topic.name === topic.name);
  return {
    address: topic.name,
    description: `${topic.carries}. Key: ${topic.key}.`,
    messages: Object.fromEntries(events.map(({ ceType }) => [ceType, { $ref: `#/components/messages/${ceType}` }])),
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
  };
}

const message = (event: EventDefinition, golden: (event: EventDefinition) => string): object => ({
  name: event.ceType,
  title: event.type,
  summary: event.description,
  contentType: 'application/json',
  headers: { $ref: '#/components/schemas/Headers' },
  payload: payload(event),
  examples: [{ payload: JSON.parse(golden(event)) as object }],
});

/** As a reader has to take it: fields that a newer release added are allowed. */
function payload({ read }: EventDefinition): object {
  const { $schema: _version, ...schema } = z.toJSONSchema(read, {
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return schema;
}

const headers = (example: EventEnvelope): object => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(cloudEventHeaders(example)).map(([name, value]) => [name, { type: 'string', examples: [value] }]),
  ),
});
