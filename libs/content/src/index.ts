/** From what a user wrote to the bytes that go on the wire (RFC 5322, RFC 2045). Pure: the same arguments, the same bytes. */
export {
  type DeliveryHeaders,
  type MessageComposer,
  type MessageParts,
  prepareMessage,
} from './mime/prepare-message.js';
export type { MessageAttachment } from './mime/attachment-part.js';
export { htmlToText } from './mime/html-to-text.js';
