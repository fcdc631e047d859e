import { z } from 'zod';

const topic = z.string().min(1).max(120);

export const StreamQuery = z.strictObject({
  topic: z
    .union([topic.transform((one) => [one]), z.array(topic).min(1).max(20)])
    .meta({ description: 'a name as in docs/realtime.md; may be repeated, at most 20' }),
  since: z.string().optional().meta({ description: 'a cursor: what was missed comes first' }),
  ticket: z.string().optional().meta({ description: 'instead of a key; good once' }),
});
export type StreamQuery = z.infer<typeof StreamQuery>;
