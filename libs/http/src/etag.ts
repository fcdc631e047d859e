import { Problem } from './problem.js';

/** A strong validator (RFC 9110 8.8.3) of a resource: its version. */
export const etag = (version: number): string => `"${version}"`;

/**
 * The version that `If-Match` asks for; undefined when any will do.
 * Throws `bad_request` for a header that is none of ours.
 */
export function ifMatchVersion(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^\s*"(\d{1,9})"\s*$/.exec(header)?.[1];
  if (version === undefined) throw new Problem('bad_request', 'If-Match must be the ETag of the resource, like "7".');
  return Number(version);
}

/** What never changes while it is there is its first version. */
export const UNCHANGING = 1;

/**
 * Lets only those change something who have seen it as it is; read it under a lock, or it may change in between.
 * Throws the problem `version_mismatch`.
 * @param ifVersion what `ifMatchVersion` made of the header
 * @param current the whole resource, as it is shown
 */
export function requireVersion(ifVersion: number | undefined, version: number, current: object): void {
  if (ifVersion === undefined || ifVersion === version) return;
  throw new Problem('version_mismatch', `This is at version "${version}" now. Read it again and decide anew.`, {
    current,
  });
}
