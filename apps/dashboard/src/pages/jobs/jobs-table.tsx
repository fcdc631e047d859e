import { Box, Group, Stack, Table, Text } from '@mantine/core';
import type { JobFact } from '../../api/newer-job.js';
import { instantInWords } from '../../parts/durations.js';
import { SegmentedBar } from '../../parts/segmented-bar.js';
import { StatusBadge } from '../../parts/status-badge.js';
import { TextLink } from '../../parts/text-link.js';
import { useNow } from '../../parts/use-now.js';
import { JobMark } from '../job/job-mark.js';
import { jobMarking, jobName } from '../job/job-name.js';
import { rateInWords } from '../job/job-pace.js';
import { progressInWords, segmentsOf, shareDone } from '../job/job-segments.js';

/** Jobs, a row each. On a phone a row has no columns: which and how, then how far. */
export function JobsTable({ jobs }: { readonly jobs: readonly JobFact[] }) {
  const now = useNow();
  return (
    <Table verticalSpacing="sm" aria-label="Jobs">
      <Table.Thead visibleFrom="sm">
        <Table.Tr>
          <Table.Th>Job</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th>Progress</Table.Th>
          <Table.Th visibleFrom="lg">Rate</Table.Th>
          <Table.Th visibleFrom="md">Owner</Table.Th>
          <Table.Th visibleFrom="lg">Created</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} now={now} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface JobRowProps {
  readonly job: JobFact;
  readonly now: number;
}

function JobRow({ job, now }: JobRowProps) {
  return (
    <Table.Tr data-job={job.id}>
      <Table.Td px={{ base: 0, sm: 'xs' }}>
        <Which job={job} now={now} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Stack gap={4} align="flex-start">
          <StatusBadge status={job.status} />
          <JobMark job={job} now={now} />
        </Stack>
      </Table.Td>
      <Table.Td visibleFrom="sm" miw={180}>
        <Bar job={job} />
        <Text size="xs" c="dimmed" mt={4} className="numbers">
          {progressInWords(job)}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="lg" className="numbers" style={{ whiteSpace: 'nowrap' }}>
        {rateInWords(job)}
      </Table.Td>
      <Table.Td visibleFrom="md" style={{ overflowWrap: 'anywhere' }}>
        {job.ownerId ?? '–'}
      </Table.Td>
      <Table.Td visibleFrom="lg" className="numbers" style={{ whiteSpace: 'nowrap' }}>
        {instantInWords(job.createdAt)}
      </Table.Td>
    </Table.Tr>
  );
}

/** Which job it is; on a phone also how it is and how far. */
function Which({ job, now }: JobRowProps) {
  const name = jobName(job);
  return (
    <Stack gap={2} maw={{ sm: 230 }}>
      <Group justify="space-between" align="flex-start" gap="xs" wrap="nowrap">
        <TextLink
          to="/jobs/$jobId"
          params={{ jobId: job.id }}
          fw={600}
          aria-label={`${name} ${job.id}`}
          style={{ overflowWrap: 'anywhere' }}
        >
          {name}
        </TextLink>
        <Box hiddenFrom="sm" flex="none">
          <StatusBadge status={job.status} />
        </Box>
      </Group>
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed">
          {jobMarking(job)}
        </Text>
        <Box hiddenFrom="sm">
          <JobMark job={job} now={now} />
        </Box>
      </Group>
      <Group hiddenFrom="sm" gap="xs" wrap="nowrap">
        <Box flex={1}>
          <Bar job={job} />
        </Box>
        <Text size="xs" c="dimmed" className="numbers" flex="none">
          {progressInWords(job)}
        </Text>
      </Group>
    </Stack>
  );
}

const Bar = ({ job }: { readonly job: JobFact }) => (
  <SegmentedBar
    size="sm"
    label={`Progress of ${jobName(job)} ${job.id}`}
    percent={Math.floor(shareDone(job) * 1_000) / 10}
    text={progressInWords(job)}
    segments={segmentsOf(job)}
  />
);
