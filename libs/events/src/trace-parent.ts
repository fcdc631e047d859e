const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Whether a text is a `traceparent` that may be continued (W3C Trace Context, 2.2). */
export function isTraceparent(text: string): boolean {
  const [, version = 'ff', trace = '', parent = '', , rest] = TRACEPARENT.exec(text) ?? [];
  if (version === 'ff' || /^0+$/.test(trace) || /^0+$/.test(parent)) return false;
  return version !== '00' || rest === undefined;
}

/**
 * The `traceparent` of a record: it continues the one of the request that caused it, if there is one, under an id of its
 * own. Made of the event's uuid alone, so an event that is published again has the same.
 */
export function traceparent(eventUuid: string, cause: string | null): string {
  const hex = eventUuid.replaceAll('-', '');
  const [, , trace, , flags] = (cause !== null && isTraceparent(cause) && TRACEPARENT.exec(cause)) || [];
  return `00-${trace ?? hex}-${hex.slice(16)}-${flags ?? '00'}`;
}
