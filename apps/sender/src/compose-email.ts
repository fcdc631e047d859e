import {
  compileContent,
  type ContentError,
  type ContentSource,
  type MessageAttachment,
  type MessageComposer,
  type MessageParts,
  prepareMessage,
  recipientData,
  type TemplateData,
} from '#content';
import type { ClaimedDelivery } from '#storage';

/** Makes the composer of one copy; what all copies share was made before. */
export type ComposerOf = (delivery: ClaimedDelivery) => MessageComposer;

/** A content cannot be written for this recipient: it would be the same the next time. */
export class ContentRefused extends Error {
  constructor({ part, detail }: ContentError) {
    super(`${part}: ${detail}`);
  }
}

/** Composes an email as far as its copies are alike: whole, or read and ready to be filled with the data of each. */
export function composeEmail(email: ClaimedDelivery, attachments: readonly MessageAttachment[]): ComposerOf {
  const shared = partsOf(email, attachments);
  if (email.render === 'none') return always(prepareMessage(shared));
  const write = writerOf(email);
  if (!email.hasOwnData) return always(prepareMessage({ ...shared, ...write(email.data ?? {}) }));
  return ({ address, recipientName, data }) =>
    prepareMessage({ ...shared, ...write(recipientData(address, recipientName, data)) });
}

const always = (composer: MessageComposer) => (): MessageComposer => composer;

function writerOf(source: ContentSource): (data: TemplateData) => ContentSource {
  const compiled = compileContent(source);
  if (compiled.kind === 'refused') throw new ContentRefused(compiled.errors[0] ?? UNKNOWN);
  return (data) => {
    const rendered = compiled.content.render(data);
    if (rendered.kind === 'refused') throw new ContentRefused(rendered.error);
    const { subject, text, html } = rendered;
    return { subject, text, html };
  };
}

const UNKNOWN: ContentError = { part: 'subject', code: 'bad_template', detail: 'is not readable' };

const partsOf = (email: ClaimedDelivery, attachments: readonly MessageAttachment[]): MessageParts => ({
  from: email.from,
  replyTo: email.replyTo,
  subject: email.subject,
  text: email.text,
  html: email.html,
  headers: email.headers,
  attachments,
  date: new Date(email.dueMs),
  boundarySeed: email.emailId,
});
