import { Text } from '@mantine/core';
import type { JobFact } from '../../api/newer-job.js';
import { waitsOf } from './job-waits.js';
import { waitInBrief, waitInWords } from './wait-words.js';

interface JobMarkProps {
  readonly job: JobFact;
  readonly now: number;
}

/** In lists: that a running job waits, and for what; or that it has stalled. */
export function JobMark({ job, now }: JobMarkProps) {
  const [wait] = waitsOf(job, now);
  if (wait)
    return (
      <Text size="xs" c="dimmed" title={waitInWords(wait, job.kind, now)} data-mark="waits">
        {waitInBrief(wait)}
      </Text>
    );
  if (!job.stalled) return null;
  return (
    <Text
      size="xs"
      fw={600}
      c="var(--mark-stalled)"
      title="Nothing moves, and nothing is known that holds it."
      data-mark="stalled"
    >
      Has stalled
    </Text>
  );
}
