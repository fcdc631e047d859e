import { MailtideError } from '../rest/mailtide-error.js';
import type { Rest } from '../rest/rest.js';
import { type Acknowledgement, type LiveEvent, snapshotIn, type Source, type Update } from './live-event.js';
import { readEvents, type StreamEvent } from './read-events.js';

/** Server-sent events, for places that let no WebSocket through. */
export const streamSource = (gateway: Rest, url: string): Source =>
  async function* (topic, since, signal) {
    const { body } = await gateway.open('/v1/stream', { topic, since }, 'text/event-stream', signal);
    if (!body) throw MailtideError.unreachable(url, 'an answer without a body');
    try {
      for await (const event of readEvents(body)) {
        const update = updateOf(event, since);
        if (update) yield update;
      }
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof MailtideError ? error : MailtideError.unreachable(url, error);
    }
    throw MailtideError.unreachable(url, 'the stream ended');
  };

function updateOf({ type, data }: StreamEvent, since: string | undefined): Update | undefined {
  if (type !== 'snapshot') return { kind: 'event', event: JSON.parse(data) as LiveEvent };
  const ack = JSON.parse(data) as Acknowledgement;
  if (!ack.ok) throw MailtideError.saying(ack.problem);
  return snapshotIn(ack, since);
}
