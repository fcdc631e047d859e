import { type EmailId, parsePublicId } from '#domain';
import { Problem } from '#http';

/** One same answer for unknown, foreign, other mode and wrong prefix. */
export const noSuchEmail = (): Problem => new Problem('not_found', 'There is no such email.');

/** The id in a path; anything that cannot be one is simply not found. */
export function emailIdOf(text: string): EmailId {
  const id = parsePublicId('email', text);
  if (!id) throw noSuchEmail();
  return id;
}
