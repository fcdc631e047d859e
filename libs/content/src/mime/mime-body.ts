import { createHash } from 'node:crypto';
import { encode as base64, wrap as wrapBase64 } from 'nodemailer/lib/base64';
import { encode as quotedPrintable, wrap as wrapQuotedPrintable } from 'nodemailer/lib/qp';
import { htmlToText } from './html-to-text.js';

export interface Body {
  readonly text: string | null;
  readonly html: string | null;
  readonly boundarySeed: string;
}

/** `Content-...` headers, the empty line and the encoded body. Throws when there is neither text nor html. */
export function mimeBody({ text, html, boundarySeed }: Body): string {
  if (html === null) {
    if (text === null) throw new Error('a message needs text or html');
    return part('text/plain', text);
  }
  const boundary = boundaryFrom(boundarySeed);
  return [
    `Content-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n`,
    `--${boundary}\r\n${part('text/plain', text ?? htmlToText(html))}`,
    `--${boundary}\r\n${part('text/html', html)}`, // the best one last (RFC 2046 5.1.4)
    `--${boundary}--\r\n`,
  ].join('');
}

function part(type: 'text/plain' | 'text/html', content: string): string {
  const { encoding, body } = encodeContent(content.replaceAll(/\r\n|\r|\n/g, '\r\n'));
  const end = body.endsWith('\r\n') ? '' : '\r\n';
  return `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}${end}`;
}

/** Quoted-printable writes three characters for a foreign byte, base64 four for three of any kind. */
function encodeContent(content: string): { encoding: string; body: string } {
  const foreignBytes = Buffer.byteLength(content) - content.length;
  if (foreignBytes * 3 > content.length) return { encoding: 'base64', body: wrapBase64(base64(content)) };
  return { encoding: 'quoted-printable', body: wrapQuotedPrintable(quotedPrintable(content)) };
}

/** `=_` occurs in no quoted-printable and no base64 text, so no content can hold the boundary (RFC 2045 6.7). */
const boundaryFrom = (seed: string): string => `=_${createHash('sha256').update(seed).digest('hex').slice(0, 32)}`;
