import { Button, Group, Skeleton, Stack, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Page } from '#client';
import { useJobs } from '../../api/jobs.js';
import type { JobFact } from '../../api/newer-job.js';
import { CopyCurl } from '../../parts/copy-curl.js';
import { EmptyState } from '../../parts/empty-state.js';
import { ProblemNotice } from '../../parts/problem-notice.js';
import { usePageTitle } from '../../parts/use-page-title.js';
import { stringifySearch } from '../../search.js';
import { JobFilters } from './job-filters.js';
import type { JobsSearch } from './jobs-search.js';
import { JobsTable } from './jobs-table.js';

/** `/jobs`: all jobs of the mode, newest first. */
export function JobsPage() {
  usePageTitle('Jobs');
  const search = useSearch({ from: '/jobs' });
  const navigate = useNavigate();
  const go = (next: JobsSearch) => void navigate({ to: '/jobs', search: next });
  const { after, before, ...filters } = search;
  const at = { ...(after !== undefined && { after }), ...(before !== undefined && { before }) };
  const jobs = useJobs(filters, at);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={1} size="h2">
          Jobs
        </Title>
        <CopyCurl calls={{ List: { method: 'GET', path: `/v1/jobs${stringifySearch({ ...search })}` } }} />
      </Group>
      <JobFilters filters={filters} onChange={go} />
      {jobs.isError && <ProblemNotice error={jobs.error} onTryAgain={() => void jobs.refetch()} />}
      {jobs.isPending && <RowSkeletons />}
      {jobs.data?.data.length === 0 &&
        (isFiltered || after !== undefined ? (
          <EmptyState title="Nothing fits">
            <Button variant="default" size="xs" onClick={() => go({})}>
              Show all jobs
            </Button>
          </EmptyState>
        ) : (
          <EmptyState title="No jobs yet">
            A campaign, a load test, a batch, a bulk change or a redrive of dead letters makes one.
          </EmptyState>
        ))}
      {jobs.data && jobs.data.data.length > 0 && <JobsTable jobs={jobs.data.data} />}
      {jobs.data && <Turn page={jobs.data} onTurn={(place) => go({ ...filters, ...place })} />}
    </Stack>
  );
}

interface TurnProps {
  readonly page: Page<JobFact>;
  readonly onTurn: (place: Pick<JobsSearch, 'after' | 'before'>) => void;
}

function Turn({ page: { prevCursor, nextCursor, hasMore }, onTurn }: TurnProps) {
  const older = hasMore ? nextCursor : null;
  if (prevCursor === null && older === null) return null;
  return (
    <Group component="nav" aria-label="Pages of the list">
      <Button
        variant="default"
        disabled={prevCursor === null}
        onClick={() => prevCursor && onTurn({ before: prevCursor })}
      >
        Newer
      </Button>
      <Button variant="default" disabled={older === null} onClick={() => older && onTurn({ after: older })}>
        Older
      </Button>
    </Group>
  );
}

const RowSkeletons = () => (
  <Stack gap="sm" role="status" aria-label="Loading the jobs">
    {[1, 2, 3, 4].map((row) => (
      <Skeleton key={row} height={48} />
    ))}
  </Stack>
);
