import PostalMime, { type Attachment, type Email } from 'postal-mime';

/** A message taken apart. */
export interface OpenedMessage {
  readonly text: string | null;
  readonly html: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly attachments: readonly OpenedAttachment[];
}

export interface OpenedAttachment {
  readonly filename: string | null;
  readonly contentType: string;
  readonly contentId: string | null;
  readonly content: Buffer;
}

/** Takes a message apart. One that cannot be read has no parts; its source still can be shown. */
export async function openMessage(raw: Buffer): Promise<OpenedMessage> {
  const email = await parse(raw);
  if (!email) return { text: null, html: null, headers: [], attachments: [] };
  return {
    text: email.text ?? null,
    html: email.html ?? null,
    headers: email.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    attachments: email.attachments.map(openAttachment),
  };
}

/** Anybody may send anything here: what the parser refuses (nesting, header size) is the message's fault. */
const parse = (raw: Buffer): Promise<Email | undefined> =>
  PostalMime.parse(raw, { maxNestingDepth: 64, maxRfc822NestingDepth: 4 }).catch(() => undefined);

const openAttachment = ({ filename, mimeType, contentId, content }: Attachment): OpenedAttachment => ({
  filename,
  contentType: mimeType,
  contentId: contentId?.replaceAll(/^<|>$/g, '') ?? null,
  content: typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer),
});
