import type { Mailtide } from '#testing';

const AT_ONCE = 64;

/** Schedules many emails of one recipient each, due at one instant, one request each; their ids. */
export async function scheduleMany(
  mailtide: Mailtide,
  { count, dueAt, ownerId = 'many' }: { count: number; dueAt: number; ownerId?: string },
): Promise<string[]> {
  const ids: string[] = [];
  let next = 0;
  const work = async () => {
    for (;;) {
      const n = next;
      next += 1;
      if (n >= count) return;
      const answer = await mailtide.api.post<{ id: string }>('/v1/emails', {
        to: `r${n}@x.test`,
        ownerId,
        subject: `n-${n}`,
        text: `This is email ${n}.`,
        scheduledAt: new Date(dueAt).toISOString(),
        allowPast: true, // a busy machine may take longer than the time ahead
      });
      if (answer.status !== 202) throw new Error(`email ${n} was refused: ${answer.text}`);
      ids[n] = answer.body.id;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return ids;
}
