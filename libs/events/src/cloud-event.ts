/** What the outbox knows of an event besides its data. */
export interface EventEnvelope {
  /** `evt_…`: the same in Kafka, sockets, streams and timelines, however often it is delivered. */
  readonly id: string;
  /** The short type: `delivery.sent`. */
  readonly type: string;
  readonly version: number;
  /** The app that wrote it. */
  readonly source: string;
  /** The public id of what it is about. */
  readonly subject: string;
  /** RFC 3339. */
  readonly time: string;
  readonly tenantId: string;
  readonly mode: string;
}

/** Kafka headers of a record: CloudEvents 1.0, Kafka protocol binding, binary mode. */
export function cloudEventHeaders(event: EventEnvelope): Record<string, string> {
  const ceType = `io.mailtide.${event.type}.v${event.version}`;
  return {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_source: `/mailtide/${event.source}`,
    ce_type: ceType,
    ce_subject: event.subject,
    ce_time: event.time,
    ce_dataschema: `/schemas/${ceType}.json`,
    ce_tenantid: event.tenantId,
    ce_mode: event.mode,
  };
}

export type ReadEnvelope =
  { readonly kind: 'event'; readonly envelope: EventEnvelope } | { readonly kind: 'unreadable'; readonly why: string };

const TYPE = /^io\.mailtide\.([a-z_]+\.[a-z_]+)\.v(\d+)$/;

/** Reads the headers of a record of ours; tolerant of headers it does not know. */
export function readCloudEvent(header: (name: string) => string | undefined): ReadEnvelope {
  const [, type, version] = TYPE.exec(header('ce_type') ?? '') ?? [];
  const id = header('ce_id');
  if (type === undefined || version === undefined) {
    return { kind: 'unreadable', why: `ce_type is "${header('ce_type') ?? ''}", not io.mailtide.<type>.v<version>` };
  }
  if (id === undefined) return { kind: 'unreadable', why: 'ce_id is missing' };
  const envelope: EventEnvelope = {
    id,
    type,
    version: Number(version),
    source: (header('ce_source') ?? '').replace('/mailtide/', ''),
    subject: header('ce_subject') ?? '',
    time: header('ce_time') ?? '',
    tenantId: header('ce_tenantid') ?? '',
    mode: header('ce_mode') ?? '',
  };
  return { kind: 'event', envelope };
}
