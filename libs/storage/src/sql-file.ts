import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A prepared statement: parsed once per connection, found again by its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** The statement in a file beside the caller: `sqlFile('./arm.sql', import.meta.url)`. */
export function sqlFile(path: string, base: string): Statement {
  const text = readFileSync(new URL(path, base), 'utf8');
  const stem = path.replace('./', '').replace('.sql', '');
  return { name: `${stem}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`, text };
}

/** Without a name: the server would soon plan for no filter in particular, and walk past its indexes. */
export const plannedAnew = (statement: Statement): Statement => ({ ...statement, name: '' });
