import type { FieldCode } from '#domain';
import type { RecipientWish } from './check-recipient.js';
import type { RowBlock } from './split-rows.js';

/** What a row says, before anybody looks whether it may. `isBlank`: nothing is there, and nobody meant anything. */
export type RawRow =
  | { readonly kind: 'wish'; readonly wish: RecipientWish; readonly value: string }
  | { readonly kind: 'unreadable'; readonly code: FieldCode; readonly value: string }
  | { readonly kind: 'blank' };

/** How the rows of one kind of upload are read. */
export interface RowReader {
  /** Throws `UploadRefused` where the whole upload is of no use. */
  readonly read: (block: RowBlock & { readonly kind: 'rows' }) => readonly RawRow[];
  /** The upload has ended. Throws `UploadRefused` where that cannot have been meant. @param hasRows whether it had any that is not blank */
  readonly end: (hasRows: boolean) => void;
  /** Whether the next row is no recipient's. */
  readonly isAtHeader: boolean;
}
