import { Stack, Table, Text } from '@mantine/core';
import type { JobFact } from '../../api/newer-job.js';
import { instantInWords } from '../../parts/durations.js';
import { inWords } from '../../parts/numbers.js';
import { SegmentedBar } from '../../parts/segmented-bar.js';
import { StatusBadge } from '../../parts/status-badge.js';
import { TextLink } from '../../parts/text-link.js';
import { rateInWords } from '../job/job-pace.js';
import { progressInWords, segmentsOf, shareDone } from '../job/job-segments.js';

/** Jobs, a row each. A phone shows what matters most: which, how, how far. */
export function JobsTable({ jobs }: { readonly jobs: readonly JobFact[] }) {
  return (
    <Table verticalSpacing="sm" aria-label="Jobs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Job</Table.Th>
          <Table.Th visibleFrom="sm">Status</Table.Th>
          <Table.Th visibleFrom="sm">Progress</Table.Th>
          <Table.Th visibleFrom="lg">Rate</Table.Th>
          <Table.Th visibleFrom="md">Owner</Table.Th>
          <Table.Th visibleFrom="lg">Created</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function JobRow({ job }: { readonly job: JobFact }) {
  const name = inWords(job.kind);
  return (
    <Table.Tr data-job={job.id}>
      <Table.Td>
        <Stack gap={2}>
          <TextLink to="/jobs/$jobId" params={{ jobId: job.id }} fw={600} aria-label={`${name} ${job.id}`}>
            {name}
          </TextLink>
          <Text size="xs" c="dimmed">
            …{job.id.slice(-6)}
          </Text>
          <Stack gap={6} hiddenFrom="sm" mt={4}>
            <StatusBadge status={job.status} />
            <HowFar job={job} name={name} />
          </Stack>
        </Stack>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <StatusBadge status={job.status} />
      </Table.Td>
      <Table.Td visibleFrom="sm" miw={220}>
        <HowFar job={job} name={name} />
      </Table.Td>
      <Table.Td visibleFrom="lg" className="numbers">
        {rateInWords(job)}
      </Table.Td>
      <Table.Td visibleFrom="md">{job.ownerId ?? '–'}</Table.Td>
      <Table.Td visibleFrom="lg" className="numbers">
        {instantInWords(job.createdAt)}
      </Table.Td>
    </Table.Tr>
  );
}

function HowFar({ job, name }: { readonly job: JobFact; readonly name: string }) {
  return (
    <div>
      <SegmentedBar
        size="sm"
        label={`Progress of ${name} ${job.id}`}
        percent={Math.floor(shareDone(job) * 1_000) / 10}
        text={progressInWords(job)}
        segments={segmentsOf(job)}
      />
      <Text size="xs" c="dimmed" mt={4} className="numbers">
        {progressInWords(job)}
      </Text>
    </div>
  );
}
