import { Group, Paper, Stack, Text } from '@mantine/core';
import { allOf, type JobFact } from '../../api/newer-job.js';
import { instantInWords } from '../../parts/durations.js';
import { inWhole, inWords } from '../../parts/numbers.js';
import { SegmentedBar } from '../../parts/segmented-bar.js';
import { StatusBadge } from '../../parts/status-badge.js';
import { useNow } from '../../parts/use-now.js';
import { TextLink } from '../../parts/text-link.js';
import { JobMark } from '../job/job-mark.js';
import { paceInWords } from '../job/job-pace.js';
import { progressInWords, segmentsOf, shareDone } from '../job/job-segments.js';

/** A job in a list of somebody's jobs. */
export function JobCard({ job }: { readonly job: JobFact }) {
  const size = `${inWords(job.kind)} of ${inWhole(allOf(job))}`;
  const name = job.name ?? size;
  return (
    <Paper withBorder p="md" component="article" aria-label={name} data-job={job.id}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <TextLink to="/jobs/$jobId" params={{ jobId: job.id }} fw={600} style={{ overflowWrap: 'anywhere' }}>
            {name}
          </TextLink>
          <StatusBadge status={job.status} />
        </Group>
        {job.name && (
          <Text size="sm" c="dimmed">
            {size}
          </Text>
        )}
        <SegmentedBar
          size="sm"
          label={`Progress of ${name}`}
          percent={Math.floor(shareDone(job) * 1_000) / 10}
          text={progressInWords(job)}
          segments={segmentsOf(job)}
        />
        <Group justify="space-between" gap="xs">
          <Text size="sm" className="numbers">
            {progressInWords(job)}
            <Failed job={job} />
          </Text>
          <Pace job={job} />
        </Group>
      </Stack>
    </Paper>
  );
}

function Failed({ job: { counts, rows } }: { readonly job: JobFact }) {
  const count = counts ? counts.failed + counts.unknown : (rows?.rejected ?? 0);
  return count === 0 ? null : <Text span c="var(--mantine-color-error)">{`, ${inWhole(count)} without success`}</Text>;
}

function Pace({ job }: { readonly job: JobFact }) {
  const now = useNow();
  return (
    <Group gap="xs">
      <JobMark job={job} now={now} />
      <Text size="sm" c="dimmed" className="numbers" title={`Created ${instantInWords(job.createdAt)}`}>
        {paceInWords(job, now)}
      </Text>
    </Group>
  );
}
