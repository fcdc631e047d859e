import { textIn } from '../../search.js';

export interface UserSearch {
  readonly userid?: string;
}

/** Whose page it is: `/app/?userid=1`, as an older system had it. */
export function readUserSearch(search: Readonly<Record<string, unknown>>): UserSearch {
  const userid = textIn(search, 'userid');
  return userid === undefined ? {} : { userid };
}
