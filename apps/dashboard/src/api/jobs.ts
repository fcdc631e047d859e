import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Job, Page } from '#client';
import { askAgainAfter, isFinal } from './ask-again.js';
import { jobsRead, withJob } from './jobs-in-list.js';
import { isNewcomer, type JobsQuery } from './jobs-page.js';
import { type JobFact, newerJob } from './newer-job.js';
import { useSession } from './session.js';
import { toldJobs } from './told-jobs.js';
import { useLiveTopic } from './use-live-topic.js';

/** One job: first asked for, then told. */
export function useJob(id: string) {
  const { mail } = useSession();
  const cache = useQueryClient();
  const queryKey = ['job', id];
  const known = () => cache.getQueryData<JobFact>(queryKey);
  const isFound = known() !== undefined;
  const connection = useLiveTopic(`job:${id}`, isFound, (update) => {
    for (const job of toldJobs(update)) cache.setQueryData<JobFact>(queryKey, (last) => newerJob(last, job));
  });
  const job = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<JobFact> => newerJob(known(), await mail.jobs.get(id, { signal })),
    refetchInterval: ({ state }) => askAgainAfter(state.data && [state.data], connection, state.error),
  });
  return { job, connection };
}

/** As many as the topic of an owner begins with. */
const MAX_ACTIVE = 50;

interface OwnerJobs {
  readonly jobs: readonly JobFact[];
  /** There are others. */
  readonly hasMore: boolean;
}

/** The newest jobs of an owner, and all that go on: first asked for, then told. */
export function useOwnerJobs(ownerId: string) {
  const { mail } = useSession();
  const cache = useQueryClient();
  const queryKey = ['jobs', 'of', ownerId];
  const known = () => cache.getQueryData<OwnerJobs>(queryKey);
  const tell = (job: JobFact) =>
    cache.setQueryData<OwnerJobs>(queryKey, ({ jobs, hasMore } = { jobs: [], hasMore: false }) => ({
      jobs: withJob(jobs, job),
      hasMore,
    }));
  const connection = useLiveTopic(`owner:${ownerId}`, known() !== undefined, (update) => {
    for (const job of toldJobs(update)) tell(job);
  });
  const query = useQuery({
    queryKey,
    queryFn: async (): Promise<OwnerJobs> => {
      const [newest, active] = await Promise.all([
        mail.jobs.list({ ownerId }).page(),
        mail.jobs.list({ ownerId, active: 'true', limit: MAX_ACTIVE }).page(),
      ]);
      const jobs = jobsRead(known()?.jobs ?? [], { newest: newest.data, active: active.data });
      return { jobs, hasMore: newest.hasMore };
    },
    refetchInterval: ({ state }) => askAgainAfter(state.data?.jobs, connection, state.error),
  });
  return { query, connection, tell };
}

interface JobsPlace {
  readonly after?: string;
  readonly before?: string;
}

/** One page of the list of jobs: first asked for, then told. A job that is new is asked for with its page. */
export function useJobs(query: JobsQuery, { after, before }: JobsPlace) {
  const { mail } = useSession();
  const cache = useQueryClient();
  const queryKey = ['jobs', query, after, before];
  const known = () => cache.getQueryData<Page<JobFact>>(queryKey);
  const isFirst = after === undefined && before === undefined;
  const topic = query.ownerId === undefined ? 'tenant' : `owner:${query.ownerId}`;
  const connection = useLiveTopic(topic, known() !== undefined, (update) => {
    const page = known();
    if (!page) return;
    const told = toldJobs(update);
    const shown = told.filter(({ id }) => page.data.some((job) => job.id === id));
    if (shown.length > 0) cache.setQueryData(queryKey, { ...page, data: shown.reduce(withJob, page.data) });
    if (isFirst && told.some((job) => isNewcomer(page.data, job, query)))
      void cache.invalidateQueries({ queryKey, exact: true }, { cancelRefetch: false });
  });
  return useQuery({
    queryKey,
    queryFn: async (): Promise<Page<JobFact>> => {
      const pages = mail.jobs.list(query);
      const page = await (before === undefined ? pages.page(after) : pages.pageBefore(before));
      const last = known()?.data ?? [];
      const newer = (job: JobFact) =>
        newerJob(
          last.find(({ id }) => id === job.id),
          job,
        );
      return { ...page, data: page.data.map(newer) };
    },
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => askAgainAfter(state.data?.data, connection, state.error) || 10_000,
  });
}

/** All reasons for failures of a job; asked for only when a job's own list of five is full, and once more at each of its ends. */
export function useJobFailures(job: JobFact) {
  const { mail } = useSession();
  const isLong = job.topFailures.length >= 5;
  const all = useQuery({
    queryKey: ['job', job.id, 'failures', job.finishedAt],
    queryFn: () => mail.jobs.failures(job.id),
    placeholderData: keepPreviousData,
    enabled: isLong,
    refetchInterval: ({ state }) => (isFinal(job) && state.error === null ? false : 10_000),
  });
  const failures = (isLong ? all.data?.data : undefined) ?? job.topFailures;
  return { failures, error: isLong ? all.error : null, readAgain: () => void all.refetch() };
}

export type JobAction = 'pause' | 'resume' | 'cancel' | 'retry';

/** Does something to a job; its answer is the newest account of it. */
export function useJobAction(id: string) {
  const { mail } = useSession();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (action: JobAction): Promise<Job> =>
      action === 'retry' ? mail.jobs.retry(id, { statuses: ['failed'] }) : mail.jobs[action](id),
    onSuccess: (job) => cache.setQueryData<JobFact>(['job', id], (last) => newerJob(last, job)),
  });
}
