import { publicId } from '#domain';
import type { ListedKey } from '#storage';

/** A key as the API shows it: never the key itself. */
export const keyView = (key: ListedKey) => ({
  object: 'key' as const,
  id: publicId('key', key.id),
  name: key.name,
  mode: key.mode,
  scopes: key.scopes,
  hint: key.hint,
  createdAt: key.created_at.toISOString(),
  expiresAt: key.expires_at?.toISOString() ?? null,
  lastUsedAt: key.last_used_at?.toISOString() ?? null,
});

export type KeyView = ReturnType<typeof keyView>;
