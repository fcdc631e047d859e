import { existsSync, readFileSync } from 'node:fs';

/** The release that runs, from the package.json above this file (one level higher in a build). */
export const version: string = (() => {
  for (const above of ['../../../../package.json', '../../../../../package.json']) {
    const file = new URL(above, import.meta.url);
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  }
  return 'unknown';
})();
