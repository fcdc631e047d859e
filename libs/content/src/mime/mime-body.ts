import { createHash } from 'node:crypto';
import { encode as base64, wrap as wrapBase64 } from 'nodemailer/lib/base64';
import { encode as quotedPrintable, wrap as wrapQuotedPrintable } from 'nodemailer/lib/qp';
import { attachmentPart, type MessageAttachment } from './attachment-part.js';
import { htmlToText } from './html-to-text.js';

export interface Body {
  readonly text: string | null;
  readonly html: string | null;
  readonly attachments: readonly MessageAttachment[];
  readonly boundarySeed: string;
}

/**
 * `Content-...` headers, the empty line and the encoded body, in pieces that follow each other. Throws when there is
 * neither text nor html. What the html shows by `cid:` stands beside it, everything else behind the message.
 */
export function mimeBody(body: Body): Buffer[] {
  const isInline = ({ contentId }: MessageAttachment): boolean => contentId !== null && body.html !== null;
  const beside = body.attachments.filter((attachment) => !isInline(attachment));
  const message = bodies(body, body.attachments.filter(isInline));
  if (beside.length === 0) return message;
  return multipart('mixed', body.boundarySeed, [message, ...beside.map((one) => attachmentPart(one, 'attachment'))]);
}

function bodies({ text, html, boundarySeed }: Body, inline: readonly MessageAttachment[]): Buffer[] {
  if (html === null) {
    if (text === null) throw new Error('a message needs text or html');
    return [part('text/plain', text)];
  }
  const shown = [part('text/html', html)];
  const plain = [part('text/plain', text ?? htmlToText(html))];
  const rich =
    inline.length === 0
      ? shown
      : multipart('related', boundarySeed, [shown, ...inline.map((one) => attachmentPart(one, 'inline'))]);
  return multipart('alternative', boundarySeed, [plain, rich]); // the best one last (RFC 2046 5.1.4)
}

/** Each part ends in CRLF. */
function multipart(kind: 'mixed' | 'alternative' | 'related', seed: string, parts: readonly Buffer[][]): Buffer[] {
  const boundary = boundaryFrom(kind === 'alternative' ? seed : `${seed} ${kind}`);
  return [
    Buffer.from(`Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n`),
    ...parts.flatMap((pieces) => [Buffer.from(`--${boundary}\r\n`), ...pieces]),
    Buffer.from(`--${boundary}--\r\n`),
  ];
}

function part(type: 'text/plain' | 'text/html', content: string): Buffer {
  const { encoding, body } = encodeContent(content.replaceAll(/\r\n|\r|\n/g, '\r\n'));
  const end = body.endsWith('\r\n') ? '' : '\r\n';
  const headers = `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
  return Buffer.from(`${headers}${body}${end}`);
}

/** Quoted-printable writes three characters for a foreign byte, base64 four for three of any kind. */
function encodeContent(content: string): { encoding: string; body: string } {
  const foreignBytes = Buffer.byteLength(content) - content.length;
  if (foreignBytes * 3 > content.length) return { encoding: 'base64', body: wrapBase64(base64(content)) };
  return { encoding: 'quoted-printable', body: wrapQuotedPrintable(quotedPrintable(content)) };
}

/** `=_` occurs in no quoted-printable and no base64 text, so no content can hold the boundary (RFC 2045 6.7). */
const boundaryFrom = (seed: string): string => `=_${createHash('sha256').update(seed).digest('hex').slice(0, 32)}`;
