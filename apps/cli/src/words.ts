import type { Delivery, Email } from '#client';

type Known = Pick<Email, 'id' | 'status' | 'subject' | 'to' | 'scheduledAt' | 'counts'>;

/** An email on a few lines. */
export function emailInWords({ id, status, subject, to, scheduledAt, counts }: Known): string {
  return [
    `${id}  ${status}`,
    `  ${subject}`,
    `  to ${to.join(', ')}`,
    `  due ${scheduledAt}`,
    `  ${countsInWords(counts)}`,
  ].join('\n');
}

/** `3 copies: 2 sent, 1 failed`. */
export function countsInWords(counts: Readonly<Record<string, number>>): string {
  const { total = 0, ...states } = counts;
  const parts = Object.entries(states).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []));
  return `${total} ${total === 1 ? 'copy' : 'copies'}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

export function deliveryInWords({ id, to, status, attempts, reason, reply, lateMs }: Delivery): string {
  const lines = attempts.map(
    ({ attempt, outcome, phase, reply: said }) =>
      `  attempt ${attempt}: ${outcome} at ${phase}${said ? `, ${said.code} ${said.text ?? ''}` : ''}`,
  );
  const end = [
    reason,
    reply ? `${reply.code} ${reply.text ?? ''}` : null,
    lateMs === null ? null : `${Math.round(lateMs)} ms late`,
  ];
  return [`${id}  ${status}  ${to}`, ...lines, `  ${end.filter((part) => part !== null).join(', ')}`.trimEnd()].join(
    '\n',
  );
}
