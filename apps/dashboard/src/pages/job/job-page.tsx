import { Alert, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { isRefusal } from '../../api/ask-again.js';
import { useJob } from '../../api/jobs.js';
import { allOf, type JobFact } from '../../api/newer-job.js';
import type { Connection } from '../../api/use-live-topic.js';
import { inPercent, inWhole } from '../../parts/numbers.js';
import { ProblemNotice } from '../../parts/problem-notice.js';
import { Spoken } from '../../parts/spoken.js';
import { useNow } from '../../parts/use-now.js';
import { usePageTitle } from '../../parts/use-page-title.js';
import { TextLink } from '../../parts/text-link.js';
import { NotFoundPage } from '../not-found-page.js';
import { JobActions } from './job-actions.js';
import { JobCounts } from './job-counts.js';
import { JobFailures } from './job-failures.js';
import { JobHead } from './job-head.js';
import { jobName } from './job-name.js';
import { JobProgress } from './job-progress.js';
import { jobInWords, shareDone } from './job-segments.js';
import { JobSkeleton } from './job-skeleton.js';
import { hasStalled } from './job-waits.js';
import { StalledNotice } from './stalled-notice.js';

/** `/jobs/{id}`: how far a job is, live, and what can be done to it. */
export function JobPage() {
  const { jobId } = useParams({ from: '/jobs/$jobId' });
  const { job, connection } = useJob(jobId);
  const { data, error } = job;
  if (data) return <ShownJob job={data} connection={connection} error={error} />;
  if (error === null) return <JobSkeleton />;
  if ('code' in error && error.code === 'not_found')
    return (
      <NotFoundPage
        title="There is no such job"
        text={`${jobId} is not known here, or belongs to another mode or tenant.`}
      />
    );
  return <ProblemNotice error={error} onTryAgain={() => void job.refetch()} />;
}

interface ShownJobProps {
  readonly job: JobFact;
  readonly connection: Connection;
  readonly error: Error | null;
}

function ShownJob({ job, connection, error }: ShownJobProps) {
  usePageTitle(`${inPercent(shareDone(job))} ${jobName(job)}`);
  const now = useNow();
  return (
    <Stack gap="lg">
      <TextLink to="/jobs" size="sm">
        All jobs
      </TextLink>
      <JobHead job={job} connection={connection} />
      <JobActions job={job} />
      {error && !isRefusal(error) && (
        <Alert color="orange" role="alert" title="Mailtide does not answer">
          These are the last numbers it told. They are read again by themselves.
        </Alert>
      )}
      {hasStalled(job, now) && <StalledNotice job={job} now={now} />}
      <JobProgress job={job} now={now} />
      {job.expanding && (
        <Text size="sm" c="dimmed">
          Copies are still being made: {inWhole(job.total)} of {inWhole(allOf(job))} so far.
        </Text>
      )}
      <JobCounts job={job} />
      <JobFailures job={job} />
      <Spoken text={jobInWords(job, now)} />
    </Stack>
  );
}
