/** What stands behind the `?`, as text: the user "007" is not the number 7. Names that come twice have a list. */
export type Search = Readonly<Record<string, string | readonly string[]>>;

export function parseSearch(text: string): Search {
  const params = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(params.keys())].map((name) => {
      const values = params.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

/** Leaves out what is undefined or an empty list. */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(search).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => (typeof one === 'string' ? [[name, one]] : [])),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

/** One text of a search; the first, where there are several. */
export function textIn(search: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const [first] = textsIn(search, name);
  return first;
}

/** All texts under a name; none are empty. */
export const textsIn = (search: Readonly<Record<string, unknown>>, name: string): string[] =>
  [search[name]].flat().filter((one): one is string => typeof one === 'string' && one !== '');
