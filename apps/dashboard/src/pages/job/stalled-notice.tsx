import { Alert, Anchor, Code, Text } from '@mantine/core';
import type { JobFact } from '../../api/newer-job.js';
import { useSession } from '../../api/session.js';
import { explained } from './explained.js';
import { stalledInWords } from './job-pace.js';

interface StalledNoticeProps {
  readonly job: JobFact;
  readonly now: number;
}

/** Nothing moves and nobody knows why: what to look at next. */
export function StalledNotice({ job, now }: StalledNoticeProps) {
  return (
    <Alert
      color="orange"
      role="alert"
      title="This job has stalled"
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
    >
      <Text size="sm">{stalledInWords(job, now)}</Text>
      <Text size="sm" mt="xs">
        <Code>mailtide doctor</Code> says whether every part of Mailtide works.
      </Text>
      {job.counts && (
        <Text size="sm" mt={4} style={{ overflowWrap: 'anywhere' }}>
          <Code>mailtide explain {explained(job)}</Code> says what holds <Copies id={job.id} />.
        </Text>
      )}
    </Alert>
  );
}

/** A link where the browser may follow it: with keys, only calls that bear one are answered. */
function Copies({ id }: { readonly id: string }) {
  const { config } = useSession();
  if (config.authMode === 'keys') return 'each of its copies';
  return (
    <Anchor href={`/v1/jobs/${id}/deliveries`} inherit c="inherit" underline="always">
      each of its copies
    </Anchor>
  );
}
