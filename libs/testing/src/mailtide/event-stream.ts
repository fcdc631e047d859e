/** One frame of a `text/event-stream`. */
export interface StreamFrame {
  readonly event: string;
  /** What a client sends as `Last-Event-ID` when it comes back. */
  readonly id: string | undefined;
  readonly data: unknown;
}

/** A plain client of server-sent events that keeps every frame it is given. */
export class EventStream {
  readonly frames: StreamFrame[] = [];
  readonly comments: string[] = [];
  lastId: string | undefined;

  private constructor(
    readonly headers: Headers,
    private readonly onFrame: (frame: StreamFrame) => void,
    private readonly gone: AbortController,
    /** Done when the stream has ended, by whoever's hand. */
    readonly ended: Promise<void>,
  ) {}

  /** Rejects with the problem's body where the answer is no stream. */
  static async open(
    url: string,
    headers: Readonly<Record<string, string>> = {},
    onFrame: (frame: StreamFrame) => void = () => {},
  ): Promise<EventStream> {
    const gone = new AbortController();
    const response = await fetch(url, { headers, signal: gone.signal });
    if (!response.ok || !response.body) throw Object.assign(new Error('no stream'), { body: await response.json() });
    const { body } = response;
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const ended = begun.then(() => stream.read(body)).catch(() => undefined);
    const stream = new EventStream(response.headers, onFrame, gone, ended);
    begin();
    return stream;
  }

  close(): void {
    this.gone.abort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const bytes of body) {
      const blocks = (text + decoder.decode(bytes, { stream: true })).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
    }
  }

  private take(block: string): void {
    if (block.startsWith(':')) {
      this.comments.push(block);
      return;
    }
    const fields = new Map(block.split('\n').map((line): [string, string] => split(line)));
    const id = fields.get('id');
    if (id !== undefined) this.lastId = id;
    const data: unknown = JSON.parse(fields.get('data') ?? 'null');
    const frame = { event: fields.get('event') ?? 'message', id, data };
    this.frames.push(frame);
    this.onFrame(frame);
  }
}

function split(line: string): [string, string] {
  const at = line.indexOf(': ');
  return [line.slice(0, at), line.slice(at + 2)];
}
