import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { problemOf } from './problem-words.js';

interface ProblemNoticeProps {
  readonly error: unknown;
  readonly onTryAgain?: (() => void) | undefined;
}

/** What did not work, in the API's own words, and what to do about it. */
export function ProblemNotice({ error, onTryAgain }: ProblemNoticeProps) {
  const { title, detail, errors, requestId } = problemOf(error);
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      title={title}
      styles={{ title: { color: 'var(--mantine-color-error)' } }}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{detail}</Text>
        {errors.length > 0 && (
          <List size="sm">
            {errors.map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
          </List>
        )}
        {requestId !== null && (
          <Text size="xs" c="dimmed">
            In the log as {requestId}
          </Text>
        )}
        {onTryAgain && (
          <Button size="xs" variant="default" onClick={onTryAgain}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
