import { Alert, Button, Container, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Logo } from '../parts/logo.js';
import { ProblemNotice } from '../parts/problem-notice.js';
import { usePageTitle } from '../parts/use-page-title.js';

interface KeyPageProps {
  /** The last key is none any more. */
  readonly isRefused: boolean;
  /** Throws when Mailtide does not know the key. */
  readonly check: (key: string) => Promise<unknown>;
  readonly onEnter: (key: string) => void;
}

/** Asks for a key, once per browser session. */
export function KeyPage({ isRefused, check, onEnter }: KeyPageProps) {
  usePageTitle('API key');
  const [key, setKey] = useState('');
  const [error, setError] = useState<unknown>();
  const [isChecking, setIsChecking] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecking(true);
    setError(undefined);
    await check(key.trim()).then(() => onEnter(key.trim()), setError);
    setIsChecking(false);
  };
  return (
    <Container component="main" size="xs" py="xl">
      <Paper withBorder p="lg">
        <form onSubmit={(event) => void submit(event)}>
          <Stack>
            <Logo />
            <Title order={1} size="h3">
              Enter an API key
            </Title>
            <Text size="sm" c="dimmed">
              It stays in this tab until you close it, and decides what you see and may do.
            </Text>
            {isRefused && <Alert color="orange" role="alert" title="The key does not work any more" />}
            {error !== undefined && <ProblemNotice error={error} />}
            <PasswordInput
              label="API key"
              placeholder="mt_live_… or mt_test_…"
              value={key}
              onChange={(event) => setKey(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              required
              visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
            />
            <Button type="submit" loading={isChecking}>
              Continue
            </Button>
          </Stack>
        </form>
      </Paper>
    </Container>
  );
}
