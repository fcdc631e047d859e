import type { Job } from '#client';
import type { JobsQuery } from '../../api/jobs-page.js';
import { textIn, textsIn } from '../../search.js';

/** What the list is narrowed to and where it is turned to, named as in the API. The API judges the values. */
export interface JobsSearch extends JobsQuery {
  readonly after?: string;
  readonly before?: string;
}

export function readJobsSearch(search: Readonly<Record<string, unknown>>): JobsSearch {
  const kind = textsIn(search, 'kind') as Job['kind'][];
  const status = textsIn(search, 'status') as Job['status'][];
  const active = textIn(search, 'active') as 'true' | 'false' | undefined;
  const ownerId = textIn(search, 'ownerId');
  const after = textIn(search, 'after');
  const before = after === undefined ? textIn(search, 'before') : undefined;
  return {
    ...(kind.length > 0 && { kind }),
    ...(status.length > 0 && { status }),
    ...(active !== undefined && { active }),
    ...(ownerId !== undefined && { ownerId }),
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
  };
}
