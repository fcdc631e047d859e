import { EVENTS, type EventDefinition, type EventEnvelope, readCloudEvent, type Topic } from '#events';
import { headerFault } from './header-fault.js';

/** An event of ours as a consumer gets it. */
export interface ReceivedEvent {
  readonly envelope: EventEnvelope;
  /** Parsed by the event's own schema, tolerant of fields that a newer release added. */
  readonly data: unknown;
  /** The same as it came: forward it, do not write it again. */
  readonly text: string;
  /** A transaction id below which everything had been published before: where a replay may begin. */
  readonly position: string | null;
}

/** A record as Kafka has it. */
export interface RawRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly header: (name: string) => string | undefined;
  /** All of them as text. */
  readonly headers: () => Readonly<Record<string, string>>;
}

export type Decoded =
  | { readonly kind: 'event'; readonly event: ReceivedEvent }
  | { readonly kind: 'poison'; readonly code: 'unreadable' | 'invalid' | 'unknown_type'; readonly why: string };

export const POSITION_HEADER = 'mailtide-position';

const DEFINITIONS = new Map(EVENTS.map((event) => [definitionKey(event.topic.name, event.type, event.version), event]));

/** Reads a record of one of our topics; everything that can be wrong with it is a value. */
export function decodeRecord(topic: Topic, record: RawRecord): Decoded {
  const head = readCloudEvent(record.header);
  if (head.kind === 'unreadable') return { kind: 'poison', code: 'unreadable', why: head.why };
  const { type, version } = head.envelope;
  const definition = DEFINITIONS.get(definitionKey(topic.name, type, version));
  if (!definition)
    return { kind: 'poison', code: 'unknown_type', why: `${type} version ${version} is not known on ${topic.name}` };
  const position = record.header(POSITION_HEADER) ?? null;
  const fault = headerFault(head.envelope, position);
  if (fault !== null) return { kind: 'poison', code: 'invalid', why: fault };
  const text = record.value?.toString('utf8') ?? '';
  const data = parseData(definition, text);
  if (data.kind === 'poison') return data;
  return { kind: 'event', event: { envelope: head.envelope, data: data.value, text, position } };
}

function parseData(
  definition: EventDefinition,
  text: string,
): { kind: 'data'; value: unknown } | Extract<Decoded, { kind: 'poison' }> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'poison', code: 'unreadable', why: 'the value is not JSON' };
  }
  const result = definition.read.safeParse(json);
  if (result.success) return { kind: 'data', value: result.data };
  const [issue] = result.error.issues;
  return { kind: 'poison', code: 'invalid', why: `${issue?.path.join('/') ?? ''}: ${issue?.message ?? 'not valid'}` };
}

function definitionKey(topic: string, type: string, version: number): string {
  return `${topic} ${type} ${version}`;
}
