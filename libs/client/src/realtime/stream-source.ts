import { MailtideError } from '../rest/mailtide-error.js';
import type { Rest } from '../rest/rest.js';
import type { Acknowledgement, LiveEvent, Source, Update } from './live-event.js';

/** Server-sent events, for places that let no WebSocket through. */
export const streamSource = (gateway: Rest, gatewayUrl: string): Source =>
  async function* (topic, since, signal) {
    const headers = { accept: 'text/event-stream', ...(since !== undefined && { 'last-event-id': since }) };
    const response = await gateway.open('/v1/stream', { topic }, headers, signal);
    if (!response.body) throw MailtideError.unreachable(gatewayUrl, 'an answer without a body');
    for await (const { type, data } of readEvents(response.body)) {
      const update = updateOf(type, data, since);
      if (update) yield update;
    }
    if (!signal.aborted) throw MailtideError.unreachable(gatewayUrl, 'the stream ended');
  };

function updateOf(type: string, data: string, since: string | undefined): Update | undefined {
  if (type !== 'snapshot') return { kind: 'event', event: JSON.parse(data) as LiveEvent };
  const ack = JSON.parse(data) as Acknowledgement;
  if (!ack.ok)
    throw new MailtideError(
      ack.problem?.code ?? 'unexpected_answer',
      ack.problem?.status ?? 0,
      null,
      null,
      ack.problem?.detail ?? 'refused',
    );
  if (since !== undefined && !ack.gap) return undefined;
  return { kind: 'snapshot', snapshot: ack.snapshot, cursor: ack.cursor, gap: ack.gap };
}

/** The events of a `text/event-stream` (HTML Living Standard 9.2.6); comments and unknown fields are passed over. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<{ type: string; data: string }, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunksOf(body)) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split(/\r?\n\r?\n/);
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event.data !== '') yield event;
    }
  }
}

/** Not every browser lets a stream be iterated. */
async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parseBlock(block: string): { type: string; data: string } {
  const fields = block.split(/\r?\n/).map((line) => /^([^:]+): ?(.*)$/.exec(line));
  const of = (name: string) => fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []));
  return { type: of('event').at(-1) ?? 'message', data: of('data').join('\n') };
}
