import { describe, expect, it } from '@jest/globals';
import { EVENTS } from './catalogue.js';
import { cloudEventHeaders } from './cloud-event.js';
import { eventSchemas } from './json-schema.js';

const envelope = { id: 'evt_1', source: 'sender', subject: 's', time: '', tenantId: '', mode: 'test' };

describe('the schemas of events', () => {
  it.each(EVENTS.map((event) => [event.ceType, event] as const))('of %s is where its records say', (ceType, event) => {
    const schema = eventSchemas().get(ceType);
    expect(schema?.['$id']).toBe(cloudEventHeaders({ ...envelope, ...event })['ce_dataschema']);
    expect(Object.keys(schema?.['properties'] as object).toSorted()).toEqual(Object.keys(event.data.shape).toSorted());
  });

  it('allow fields that a newer release adds', () => {
    for (const schema of eventSchemas().values()) expect(schema['additionalProperties']).toBeUndefined();
  });
});
