import { publicId } from '#domain';
import type { SuppressionRow } from '#storage';

/** A suppression as the API shows it (interface 3.8). */
export const suppressionView = (row: SuppressionRow) => ({
  object: 'suppression' as const,
  id: publicId('suppression', row.id),
  address: row.address,
  scope: row.scope,
  source: row.source,
  reason: row.reason,
  deliveryId: row.delivery_id && publicId('delivery', row.delivery_id),
  createdAt: row.created_at.toISOString(),
});

export type SuppressionView = ReturnType<typeof suppressionView>;
