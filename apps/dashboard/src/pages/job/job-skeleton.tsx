import { Skeleton, Stack } from '@mantine/core';

/** What a job looks like before it is known. */
export function JobSkeleton() {
  return (
    <Stack gap="lg" aria-busy="true" aria-label="Loading the job" role="status">
      <Skeleton height={34} width="60%" />
      <Skeleton height={30} width={320} maw="100%" />
      <Skeleton height={130} />
      <Skeleton height={150} />
    </Stack>
  );
}
