import { z } from 'zod';
import { EVENTS } from './catalogue.js';
import type { EventDefinition } from './define-event.js';

type JsonSchema = Readonly<Record<string, unknown>>;

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** The schema of an event's data as a reader has to take it: fields that a newer release added are allowed. */
export function eventSchema({ read }: EventDefinition): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(read, {
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return schema;
}

/** What `ce_dataschema` points at, by CloudEvents type: `io.mailtide.delivery.sent.v1`. Made once, when first asked for. */
export function eventSchemas(): ReadonlyMap<string, JsonSchema> {
  return (made ??= new Map(
    EVENTS.map((event) => [
      event.ceType,
      {
        $schema: DIALECT,
        $id: `/schemas/${event.ceType}.json`,
        title: event.type,
        description: event.description,
        ...eventSchema(event),
      },
    ]),
  ));
}

let made: ReadonlyMap<string, JsonSchema> | undefined;
