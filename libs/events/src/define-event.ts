import { z } from 'zod';
import type { Topic } from './topic.js';

/** One immutable version of one kind of event. A change is a new file with the next version. */
export interface EventDefinition<Shape extends z.ZodRawShape = z.ZodRawShape> {
  /** The short type, the same in sockets, streams and timelines: `delivery.sent`. */
  readonly type: string;
  readonly version: number;
  /** CloudEvents' `type`: `io.mailtide.delivery.sent.v1`. */
  readonly ceType: string;
  readonly topic: Topic;
  readonly description: string;
  /** Strict: what we write has these fields and no others. */
  readonly data: z.ZodObject<Shape, z.core.$strict>;
  /** Tolerant: what we read may have fields that a newer release added. */
  readonly read: z.ZodObject<Shape>;
}

export type EventData<Event extends EventDefinition> = z.infer<Event['data']>;

export function defineEvent<Shape extends z.ZodRawShape>(definition: {
  type: string;
  version: number;
  topic: Topic;
  description: string;
  data: Shape;
}): EventDefinition<Shape> {
  const { type, version, topic, description, data } = definition;
  const ceType = `io.mailtide.${type}.v${version}`;
  return {
    type,
    version,
    ceType,
    topic,
    description,
    data: z.strictObject(data).meta({ id: ceType, description }),
    read: z.object(data),
  };
}
