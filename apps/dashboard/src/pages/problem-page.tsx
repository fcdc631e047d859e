import { Stack, Title } from '@mantine/core';
import { ProblemNotice } from '../parts/problem-notice.js';
import { usePageTitle } from '../parts/use-page-title.js';

interface ProblemPageProps {
  readonly error: unknown;
  readonly reset: () => void;
}

/** Instead of a page that broke. */
export function ProblemPage({ error, reset }: ProblemPageProps) {
  usePageTitle('Something went wrong');
  return (
    <Stack>
      <Title order={1} size="h2">
        This page broke
      </Title>
      <ProblemNotice error={error} onTryAgain={reset} />
    </Stack>
  );
}
