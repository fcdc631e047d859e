import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { EVENTS } from './catalogue.js';
import type { EventDefinition } from './define-event.js';

const SOURCE = new URL('./', import.meta.url);
const goldens = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.golden.json'),
);

const goldenName = ({ type, version }: EventDefinition) => `${type.replaceAll(/[._]/g, '-')}.v${version}.golden.json`;
const goldenOf = (event: EventDefinition): Record<string, unknown> => {
  const path = goldens.find((found) => found.replaceAll('\\', '/').endsWith(`/${goldenName(event)}`));
  if (path === undefined) throw new Error(`${goldenName(event)} is missing beside ${event.type}`);
  return JSON.parse(readFileSync(new URL(path.replaceAll('\\', '/'), SOURCE), 'utf8')) as Record<string, unknown>;
};

describe.each(EVENTS.map((event) => [`${event.ceType} on ${event.topic.name}`, event] as const))(
  '%s',
  (_name, event) => {
    it('has a golden example that may be written as it is', () => {
      expect(event.data.safeParse(goldenOf(event))).toEqual({ success: true, data: goldenOf(event) });
    });

    it('is never written with a field that its version does not have', () => {
      expect(event.data.safeParse({ ...goldenOf(event), newField: 1 }).success).toBe(false);
    });

    it('is read although a newer release added a field', () => {
      const read = event.read.safeParse({ ...goldenOf(event), newField: 1 });
      expect(read.data).toEqual(goldenOf(event));
    });

    it('names no field that could carry an address, a subject, a body or the text of a reply', () => {
      const names = fieldNames(z.toJSONSchema(event.data));
      expect(
        names.filter((name) => /address|recipient|mailbox|subject|body|html|text|^to$|^cc$|^bcc$/i.test(name)),
      ).toEqual([]);
    });

    it('has an example that shows every field', () => {
      expect(Object.keys(goldenOf(event)).toSorted()).toEqual(Object.keys(event.data.shape).toSorted());
    });
  },
);

describe('the golden examples', () => {
  it('belong to one event each', () => {
    const wanted = new Set(EVENTS.map(goldenName));
    expect(goldens.filter((path) => !wanted.has(path.split(/[\\/]/).at(-1) ?? ''))).toEqual([]);
  });
});

function fieldNames(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'properties'
      ? [...Object.keys(value as object), ...Object.values(value as object).flatMap(fieldNames)]
      : fieldNames(value),
  );
}
