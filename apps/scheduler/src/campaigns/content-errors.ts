import { compileContent, type ContentSource } from '#content';
import type { FieldError } from '#domain';

export type CheckedContent =
  /** `needs`: the paths that the data of every recipient must have (`user.name`). */
  | { readonly kind: 'content'; readonly needs: readonly string[] }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] };

/** Whether placeholders in a content can be read, and what they need of each recipient. */
export function checkContent(render: 'none' | 'liquid', source: ContentSource): CheckedContent {
  if (render === 'none') return { kind: 'content', needs: [] };
  const compiled = compileContent(source);
  if (compiled.kind === 'compiled') return { kind: 'content', needs: compiled.content.variables.paths };
  const errors = compiled.errors.map(({ part, code, detail }) => ({ pointer: `/${part}`, code, detail }));
  return { kind: 'invalid', errors };
}
