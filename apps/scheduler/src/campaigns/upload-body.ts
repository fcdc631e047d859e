import { createHash } from 'node:crypto';
import { Problem } from '#http';

const MAX_UPLOAD_BYTES = 268_435_456;

/**
 * The body of an upload: hashed, counted as it comes, and read to its end whatever becomes of the upload. Bytes that
 * nobody reads would keep its connection from the next request, and its sender from the answer.
 */
export class UploadBody {
  private readonly pieces: AsyncIterator<Buffer>;
  private readonly hash = createHash('sha256');
  private size = 0;

  constructor(body: AsyncIterable<Buffer>) {
    this.pieces = body[Symbol.asyncIterator]();
  }

  /** Throws `too_large`. Whoever stops early leaves the rest to be drained. */
  async *bytes(): AsyncGenerator<Buffer> {
    for (let next = await this.pieces.next(); !next.done; next = await this.pieces.next()) {
      this.size += next.value.length;
      if (this.size > MAX_UPLOAD_BYTES) throw tooLarge();
      this.hash.update(next.value);
      yield next.value;
    }
  }

  /** Reads what is left of a body whose answer is known. */
  async drain(): Promise<void> {
    for await (const _piece of this.bytes());
  }

  /** Reads what is left of a body that is refused, as far as one may go; whether that was all. */
  async isOver(): Promise<boolean> {
    let left = MAX_UPLOAD_BYTES;
    try {
      for (let next = await this.pieces.next(); !next.done; next = await this.pieces.next()) {
        left -= next.value.length;
        if (left < 0) return false;
      }
      return true;
    } catch {
      return false; // its sender has gone: why it was refused is what counts
    }
  }

  /** SHA-256 of all bytes, as hex. Asked once, when they have been read. */
  digest(): string {
    return this.hash.digest('hex');
  }
}

const tooLarge = (): Problem => new Problem('too_large', 'An upload has at most 256 MiB. Send several.');
