import type { SMTPServerDataStream } from 'smtp-server';
import type { BodyBudget } from '#http';

/** How many small pieces are merged at once: a line that begins with a dot comes as a piece of its own. */
const LOOSE = 256;
/** Bytes that are taken from the budget at once. */
const GRAIN = 16_384;

/**
 * `gone`: its client left before the final dot, and nobody accepted anything. `too_large`: more than was announced at
 * EHLO. `no_room`: the messages in hand took all the memory there is for them.
 */
export type ReadMessage =
  | { readonly kind: 'whole'; readonly raw: Buffer; readonly giveBack: () => void }
  | { readonly kind: 'gone' | 'too_large' | 'no_room' };

/** Reads a message to its end. Of one that is not kept, nothing stays in memory; who gets a whole one gives its bytes back. */
export async function readMessage(stream: SMTPServerDataStream, budget: BodyBudget): Promise<ReadMessage> {
  const pieces = new Pieces(budget);
  let hasRoom = true;
  try {
    for await (const chunk of stream) {
      if (hasRoom && !stream.sizeExceeded) hasRoom = pieces.add(chunk as Buffer);
      if (!hasRoom || stream.sizeExceeded) pieces.drop(); // the rest is read all the same, or no answer would be heard
    }
  } catch {
    pieces.drop();
    return { kind: 'gone' };
  }
  if (stream.sizeExceeded || !hasRoom) {
    pieces.drop(); // the last piece may have been the one too many
    return { kind: stream.sizeExceeded ? 'too_large' : 'no_room' };
  }
  return { kind: 'whole', raw: pieces.whole(), giveBack: () => pieces.drop() };
}

/** What has come of a message so far, paid for from the budget. */
class Pieces {
  private blocks: Buffer[] = [];
  private loose: Buffer[] = [];
  private parts: (() => void)[] = [];
  /** Bytes that are paid for and not used yet. */
  private room = 0;

  constructor(private readonly budget: BodyBudget) {}

  /** false: there is no room for it. */
  add(piece: Buffer): boolean {
    if (!this.pay(piece.length)) return false;
    this.loose.push(piece);
    if (this.loose.length >= LOOSE) this.merge();
    return true;
  }

  whole(): Buffer {
    this.merge();
    const raw = Buffer.concat(this.blocks);
    this.blocks = [];
    return raw;
  }

  /** Forgets everything and gives its bytes back. */
  drop(): void {
    for (const giveBack of this.parts) giveBack();
    this.parts = [];
    this.room = 0;
    this.blocks = [];
    this.loose = [];
  }

  private pay(bytes: number): boolean {
    if (bytes > this.room) {
      const part = Math.max(GRAIN, bytes - this.room);
      const giveBack = this.budget.take(part);
      if (!giveBack) return false;
      this.parts.push(giveBack);
      this.room += part;
    }
    this.room -= bytes;
    return true;
  }

  private merge(): void {
    this.blocks.push(Buffer.concat(this.loose));
    this.loose = [];
  }
}
