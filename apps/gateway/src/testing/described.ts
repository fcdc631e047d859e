import { readFileSync } from 'node:fs';

/** What this app answers, of the committed description of the API, which a check keeps like the code. */
export function described<Description extends { readonly paths: Readonly<Record<string, object>> }>(): Description {
  const file = new URL('../../../../docs/api/openapi.json', import.meta.url);
  const whole = JSON.parse(readFileSync(file, 'utf8')) as Description;
  const paths = Object.entries(whole.paths).filter(([path, item]) => isOurs(path, item));
  return { ...whole, paths: Object.fromEntries(paths) };
}

/** The scheduler's description sends callers here for it; numbers are answered by both. */
const isOurs = (path: string, item: object): boolean =>
  path.startsWith('/v1/stats/') ||
  Object.values(item).some(
    (operation) => typeof operation === 'object' && operation !== null && 'servers' in operation,
  );
