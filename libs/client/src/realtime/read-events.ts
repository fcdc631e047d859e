/** One event of a `text/event-stream`. */
export interface StreamEvent {
  readonly type: string;
  readonly data: string;
}

/** The gateway says something every 15 s: a stream that is silent for longer is dead, and nobody has told us. */
const SILENT_MS = 45_000;

/**
 * The events of a `text/event-stream` (HTML Living Standard 9.2.6), whose lines end in LF or CRLF. Comments and unknown
 * fields are passed over. Ends when the stream does, or is silent for too long.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  silentMs = SILENT_MS,
): AsyncGenerator<StreamEvent, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunksOf(body, silentMs)) {
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
async function* chunksOf(body: ReadableStream<Uint8Array>, silentMs: number): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  const giveUp = () => void reader.cancel().catch(() => undefined);
  try {
    for (;;) {
      const timer = setTimeout(giveUp, silentMs);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      yield value;
    }
  } finally {
    giveUp();
  }
}

function parseBlock(block: string): StreamEvent {
  const fields = block.split(/\r?\n/).map((line) => /^([^:]+): ?(.*)$/s.exec(line));
  const of = (name: string) => fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []));
  return { type: of('event').at(-1) ?? 'message', data: of('data').join('\n') };
}
