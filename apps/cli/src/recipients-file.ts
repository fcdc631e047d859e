import { openAsBlob } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { InvalidArgumentError } from 'commander';

/** A file of recipients that can be read. */
export interface RecipientsFile {
  readonly path: string;
  readonly contentType: 'text/csv' | 'application/x-ndjson';
  /** A file is read as it is sent, and can be sent again; what another program writes is there once. */
  readonly body: Blob | ReadableStream<Uint8Array>;
}

/** Opens it before anything is asked of Mailtide. Throws InvalidArgumentError. */
export async function openRecipients(path: string): Promise<RecipientsFile> {
  const contentType = /\.(nd)?jsonl?$/.test(path) ? 'application/x-ndjson' : 'text/csv';
  try {
    return { path, contentType, body: await bodyOf(path) };
  } catch (error) {
    throw new InvalidArgumentError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

async function bodyOf(path: string): Promise<RecipientsFile['body']> {
  const handle = await open(path);
  const about = await handle.stat();
  if (!about.isFile() && !about.isDirectory())
    return Readable.toWeb(handle.createReadStream()) as ReadableStream<Uint8Array>;
  await handle.close();
  if (about.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  return openAsBlob(path);
}
