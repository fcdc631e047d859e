/**
 * From what a user wrote to the bytes that go on the wire (RFC 5322, RFC 2045), and from what a user uploads to recipients.
 * Pure: the same arguments, the same bytes.
 */
export {
  type DeliveryHeaders,
  type MessageComposer,
  type MessageParts,
  prepareMessage,
} from './mime/prepare-message.js';
export type { MessageAttachment } from './mime/attachment-part.js';
export { htmlToText } from './mime/html-to-text.js';
export {
  type CompiledContent,
  type Compiled,
  compileContent,
  type ContentError,
  type ContentSource,
  type ContentVariables,
  type RenderedContent,
  type TemplateData,
  variablesOf,
} from './liquid/compile-content.js';
export { recipientData } from './recipients/recipient-data.js';
export { type CheckedData, checkData } from './recipients/check-data.js';
export {
  type CheckedRecipient,
  checkRecipient,
  type RecipientWish,
  type RefusedRecipient,
} from './recipients/check-recipient.js';
export { missingVariable } from './recipients/missing-variable.js';
export {
  readRecipients,
  RECIPIENT_TYPES,
  type RecipientRow,
  type RecipientType,
} from './recipients/read-recipients.js';
export { shownValue } from './recipients/shown-value.js';
export { UploadRefused } from './recipients/upload-refused.js';
