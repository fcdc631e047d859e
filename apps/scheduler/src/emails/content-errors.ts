import { compileContent, type ContentError } from '#content';
import type { FieldError } from '#domain';
import type { EmailWish } from './decide-email.js';

type Content = Pick<EmailWish, 'subject' | 'text' | 'html' | 'render' | 'data'>;

/** What its placeholders show; null: it has none. */
export const dataOf = ({ render, data = {} }: Content): (Content['data'] & {}) | null =>
  render === 'liquid' ? data : null;

/** Renders the content of an email whose copies all show the same, so that what cannot be sent is not accepted. */
export function contentErrors(wish: Content): FieldError[] {
  if (wish.render !== 'liquid') return wish.data === undefined ? [] : [NOT_RENDERED];
  const compiled = compileContent({ subject: wish.subject, text: wish.text ?? null, html: wish.html ?? null });
  if (compiled.kind === 'refused') return compiled.errors.map(fieldError);
  const rendered = compiled.content.render(wish.data ?? {});
  return rendered.kind === 'refused' ? [fieldError(rendered.error)] : [];
}

const NOT_RENDERED: FieldError = {
  pointer: '/data',
  code: 'conflict',
  detail: 'feeds placeholders, and the email is not rendered; send "render": "liquid", or leave it out',
};

const fieldError = ({ part, code, variable, detail }: ContentError): FieldError =>
  variable === undefined
    ? { pointer: `/${part}`, code, detail }
    : { pointer: `/data/${variable.split('.').join('/')}`, code, detail: `${detail}, and /${part} shows it` };
