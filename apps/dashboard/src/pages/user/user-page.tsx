import { Group, Skeleton, Stack, Title } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { useOwnerJobs } from '../../api/jobs.js';
import type { JobFact } from '../../api/newer-job.js';
import { ConnectionBadge } from '../../parts/connection-badge.js';
import { EmptyState } from '../../parts/empty-state.js';
import { ProblemNotice } from '../../parts/problem-notice.js';
import { Spoken } from '../../parts/spoken.js';
import { TextLink } from '../../parts/text-link.js';
import { useNow } from '../../parts/use-now.js';
import { usePageTitle } from '../../parts/use-page-title.js';
import { jobInWords } from '../job/job-segments.js';
import { JobCard } from './job-card.js';
import { SendForm } from './send-form.js';

/** `/?userid=1`: send many emails, and watch them go. */
export function UserPage() {
  const { userid = '' } = useSearch({ from: '/' });
  usePageTitle(`User ${userid}`);
  return <JobsOfUser key={userid} ownerId={userid} />;
}

function JobsOfUser({ ownerId }: { readonly ownerId: string }) {
  const { query, connection, tell } = useOwnerJobs(ownerId);
  const { data, error } = query;
  const newest = data?.jobs[0];
  return (
    <Stack gap="lg">
      <Group gap="sm">
        <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
          User {ownerId}
        </Title>
        <ConnectionBadge connection={connection} />
      </Group>
      <SendForm ownerId={ownerId} onCreated={tell} />
      {error && <ProblemNotice error={error} onTryAgain={() => void query.refetch()} />}
      <Stack component="section" aria-labelledby="jobs" gap="sm">
        <Title order={2} size="h4" id="jobs">
          Jobs, newest first
        </Title>
        {!data && !error && <CardSkeletons />}
        {data?.jobs.length === 0 && <EmptyState title="No jobs yet">Enter a number above and press Send.</EmptyState>}
        {data?.jobs.map((job) => (
          <JobCard key={job.id} job={job} />
        ))}
        {data?.hasMore && (
          <TextLink to="/jobs" search={{ ownerId }}>
            All jobs of user {ownerId}
          </TextLink>
        )}
      </Stack>
      <SpokenNewest job={newest} />
    </Stack>
  );
}

function SpokenNewest({ job }: { readonly job: JobFact | undefined }) {
  const now = useNow();
  return <Spoken text={job ? `Newest job, ${jobInWords(job, now)}` : ''} />;
}

const CardSkeletons = () => (
  <Stack gap="sm" role="status" aria-label="Loading the jobs">
    <Skeleton height={104} />
    <Skeleton height={104} />
  </Stack>
);
