import { MailtideError } from '../rest/mailtide-error.js';
import type { Rest } from '../rest/rest.js';
import {
  type Acknowledgement,
  type LiveEvent,
  type Opened,
  openingOf,
  type Source,
  type Update,
} from './live-event.js';
import { readEvents, type StreamEvent } from './read-events.js';
import type { Shown } from './shown.js';

/** Server-sent events, for places that let no WebSocket through. */
export const streamSource = (gateway: Rest, url: string, show: Shown): Source =>
  async function* (topic, since, signal) {
    const { key, ticket } = await show(topic, signal);
    const query = { topic, since, ticket };
    const { body } = await gateway.open('/v1/stream', query, { accept: 'text/event-stream', key, signal });
    if (!body) throw MailtideError.unreachable(url, 'an answer without a body');
    try {
      for await (const event of readEvents(body)) {
        yield updateOf(event, since);
      }
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof MailtideError ? error : MailtideError.unreachable(url, error);
    }
    throw MailtideError.unreachable(url, 'the stream ended');
  };

function updateOf({ type, data }: StreamEvent, since: string | undefined): Update | Opened {
  if (type !== 'snapshot') return { kind: 'event', event: JSON.parse(data) as LiveEvent };
  const ack = JSON.parse(data) as Acknowledgement;
  if (!ack.ok) throw MailtideError.saying(ack.problem);
  return openingOf(ack, since);
}
