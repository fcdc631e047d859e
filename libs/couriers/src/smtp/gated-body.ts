import { Readable } from 'node:stream';

/** Big bodies go in pieces, so that a slow server is noticed by its progress and not by the whole. */
const PIECE_BYTES = 64 * 1024;

export interface BodyEvents {
  /** The server asked for the body. False: it shall not have it. */
  readonly wanted: () => boolean;
  readonly progress: () => void;
  /** All but the final dot was handed to the connection, which does not ask to wait. */
  readonly handedOver: () => void;
}

/**
 * A message body that keeps its end to itself: nodemailer writes the final dot when the stream ends, and it ends only
 * by `release`. It writes by itself instead of being read: a stream that is read cannot know whether what it gave has
 * left, and the gate must not be asked before that.
 */
export class GatedBody extends Readable {
  private wire: NodeJS.WritableStream | undefined;

  constructor(
    private readonly content: Buffer,
    private readonly events: BodyEvents,
  ) {
    super();
  }

  /** Called by nodemailer when the reply to DATA has come, with its dot-stuffing stream. */
  override pipe<T extends NodeJS.WritableStream>(wire: T): T {
    this.wire = wire;
    if (this.events.wanted()) this.writeFrom(0);
    return wire;
  }

  override _read(): void {
    // Nobody reads: see above.
  }

  /** Ends the message: the final dot goes out. */
  release(): void {
    this.wire?.end();
  }

  private writeFrom(start: number): void {
    const end = start + PIECE_BYTES;
    const isLast = end >= this.content.length;
    const piece = start === 0 && isLast ? this.content : this.content.subarray(start, end);
    this.wire?.write(piece, (error) => {
      if (error || this.destroyed) return; // the connection tells why
      this.events.progress();
      if (isLast) this.events.handedOver();
      else this.writeFrom(end);
    });
  }
}
