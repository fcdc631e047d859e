import { Button, Group, Paper, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import type { Job } from '#client';
import { useSession } from '../../api/session.js';
import { CopyCurl } from '../../parts/copy-curl.js';
import { ProblemNotice } from '../../parts/problem-notice.js';
import { parseCount } from './parse-count.js';

interface SendFormProps {
  readonly ownerId: string;
  readonly onCreated: (job: Job) => void;
}

/** A number and a button: so many emails go to made-up people of the sandbox. */
export function SendForm({ ownerId, onCreated }: SendFormProps) {
  const { mail } = useSession();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const send = useMutation({
    mutationFn: (count: number) => mail.loadTests.create({ count, ownerId }),
    onSuccess: onCreated,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const parsed = parseCount(text);
    setWrong(parsed.kind === 'bad' ? parsed.detail : undefined);
    if (parsed.kind === 'bad') return input.current?.focus();
    if (!send.isPending) send.mutate(parsed.count);
  };
  const parsed = parseCount(text);
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <form onSubmit={submit} noValidate>
          <Group align="flex-start" gap="sm">
            <TextInput
              ref={input}
              label="Number of emails"
              description="A whole number from 0 to 1,000,000"
              inputMode="numeric"
              autoComplete="off"
              value={text}
              error={wrong}
              onChange={(event) => {
                setText(event.currentTarget.value);
                setWrong(undefined);
              }}
              w={{ base: '100%', xs: 280 }}
              inputWrapperOrder={['label', 'description', 'input', 'error']}
            />
            <Group gap="xs" mt={{ base: 0, xs: 44 }}>
              <Button type="submit" loading={send.isPending}>
                Send
              </Button>
              <CopyCurl
                calls={{
                  Send: {
                    method: 'POST',
                    path: '/v1/load-tests',
                    body: { count: parsed.kind === 'count' ? parsed.count : 5_000, ownerId },
                  },
                }}
              />
            </Group>
          </Group>
        </form>
        {send.isError && <ProblemNotice error={send.error} onTryAgain={() => send.mutate(send.variables)} />}
      </Stack>
    </Paper>
  );
}
