import { Stack, Text, Title } from '@mantine/core';
import { usePageTitle } from '../parts/use-page-title.js';
import { TextLink } from '../parts/text-link.js';

interface NotFoundPageProps {
  readonly title?: string;
  readonly text?: string;
}

export function NotFoundPage({ title = 'There is no such page', text }: NotFoundPageProps) {
  usePageTitle(title);
  return (
    <Stack gap="sm" maw={600}>
      <Title order={1} size="h2">
        {title}
      </Title>
      <Text c="dimmed">{text ?? 'The address may be mistyped, or the page is not built yet.'}</Text>
      <TextLink to="/jobs">To the jobs</TextLink>
    </Stack>
  );
}
