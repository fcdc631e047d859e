import type { TemplateData } from '../liquid/compile-content.js';

/** The first of the paths that a content needs (`user.name`) and data do not have; undefined: nothing is missing. */
export const missingVariable = (needs: readonly string[], data: TemplateData): string | undefined =>
  needs.find((path) => isMissing(path, data));

/** As Liquid looks: a null ends the search, and shows nothing. */
function isMissing(path: string, data: TemplateData): boolean {
  let value: unknown = data;
  for (const name of path.split('.')) {
    if (value === null) return false;
    if (typeof value !== 'object' || !Object.hasOwn(value, name)) return true;
    value = (value as TemplateData)[name];
  }
  return value === undefined;
}
