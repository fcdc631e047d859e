import { type EmailView, emailView } from '#http';
import type { EmailRow } from '#storage';

/** An email as the first system showed it (interface 6). */
export function scheduledView(email: EmailRow) {
  const view: EmailView = emailView(email);
  return {
    id: view.id,
    recipients: view.to,
    subject: view.subject,
    body: view.html ?? view.text,
    deliveryTime: view.scheduledAt,
    scheduledAt: view.scheduledAt,
    status: view.status,
    total: view.counts.total,
    createdAt: view.createdAt,
    updatedAt: view.updatedAt,
  };
}

export type ScheduledView = ReturnType<typeof scheduledView>;

/** Which kind of text a body is, when its sender does not say. */
export const looksLikeHtml = (body: string): boolean =>
  /^\s*<(!doctype|html)/i.test(body) || /<\/[a-z][a-z0-9-]*\s*>/i.test(body);
