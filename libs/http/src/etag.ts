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
