import type { OpenAPIObject } from '@nestjs/swagger';

/** The tag of the calls that older systems know. */
const ALIASES = 'aliases';
const REFERENCE = /#\/components\/schemas\/([^"]+)/g;

/** Of one description, the calls of today (`v1`) or the aliases of older systems (`compat`), with the schemas that they need. */
export function splitDocument(document: OpenAPIObject, part: 'v1' | 'compat'): OpenAPIObject {
  const isWanted = (operation: unknown): boolean => {
    const { tags } = operation as { readonly tags?: readonly string[] };
    return tags === undefined || tags.includes(ALIASES) === (part === 'compat');
  };
  const paths = Object.fromEntries(
    Object.entries(document.paths).flatMap(([path, item]) => {
      const kept = Object.entries(item).filter(([, operation]) => isWanted(operation));
      return kept.length > 0 ? [[path, Object.fromEntries(kept)]] : [];
    }),
  );
  return { ...document, paths, components: { ...document.components, schemas: schemasOf(paths, document) } };
}

/** The schemas that paths refer to, and those that these refer to. */
function schemasOf(paths: object, { components }: OpenAPIObject) {
  const all = components?.schemas ?? {};
  const needed = new Set<string>(['Problem']);
  let fresh = referred(paths);
  while (fresh.length > 0) {
    for (const name of fresh) needed.add(name);
    fresh = referred(fresh.map((name) => all[name])).filter((name) => !needed.has(name));
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => needed.has(name)));
}

const referred = (part: unknown): string[] => [
  ...new Set([...JSON.stringify(part ?? null).matchAll(REFERENCE)].flatMap(([, name]) => name ?? [])),
];
