import { SetMetadata } from '@nestjs/common';

/** What a key may do (interface 1.1). `admin` may do everything. */
export const SCOPES = [
  'emails:read',
  'emails:write',
  'templates:write',
  'contacts:read',
  'contacts:write',
  'settings:read',
  'settings:write',
  'ops',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

export const NEEDED_SCOPE = 'mailtide:scope';

/** Says what a route needs of its caller's key. A route that says nothing and is not public is refused to all. */
export const NeedsScope = (scope: Scope) => SetMetadata(NEEDED_SCOPE, scope);

/** What any key may do: ask who it is. */
export const ANY_SCOPE = 'any';

/** Says that a route serves every key. */
export const NeedsNoScope = () => SetMetadata(NEEDED_SCOPE, ANY_SCOPE);

/** Writing includes reading. */
export const hasScope = (scopes: readonly string[], needed: Scope): boolean =>
  scopes.includes('admin') ||
  scopes.includes(needed) ||
  (needed.endsWith(':read') && scopes.includes(needed.replace(':read', ':write')));
