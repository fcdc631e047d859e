import { Group, Stack, Text, Title } from '@mantine/core';
import type { JobFact } from '../../api/newer-job.js';
import type { Connection } from '../../api/use-live-topic.js';
import { ConnectionBadge } from '../../parts/connection-badge.js';
import { instantInWords } from '../../parts/durations.js';
import { inWords } from '../../parts/numbers.js';
import { StatusBadge } from '../../parts/status-badge.js';
import { TextLink } from '../../parts/text-link.js';
import { jobName } from './job-name.js';

interface JobHeadProps {
  readonly job: JobFact;
  readonly connection: Connection;
}

/** Which job this is, and how it is. */
export function JobHead({ job, connection }: JobHeadProps) {
  return (
    <Stack gap={4}>
      <Group gap="sm">
        <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
          {jobName(job)}
        </Title>
        {job.name && <Text c="dimmed">{inWords(job.kind)}</Text>}
        <StatusBadge status={job.status} />
        <ConnectionBadge connection={connection} />
      </Group>
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {job.id}
      </Text>
      <Text size="sm" c="dimmed">
        Created {instantInWords(job.createdAt)}
        {job.ownerId !== null && (
          <>
            {' for '}
            <TextLink to="/" search={{ userid: job.ownerId }} inherit>
              user {job.ownerId}
            </TextLink>
          </>
        )}
      </Text>
    </Stack>
  );
}
