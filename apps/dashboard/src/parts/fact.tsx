import { Group, Stack, Text } from '@mantine/core';

interface FactProps {
  readonly name: string;
  readonly children: string;
  readonly title?: string;
}

/** A number with its name above it. */
export function Fact({ name, children, title }: FactProps) {
  return (
    <Stack gap={0} component="div" miw={110}>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0} fw={600} className="numbers" title={title}>
        {children}
      </Text>
    </Stack>
  );
}

/** Facts in a row that breaks. */
export function Facts({ children }: { readonly children: React.ReactNode }) {
  return (
    <Group component="dl" gap="xl" m={0} align="flex-start" style={{ rowGap: 'var(--mantine-spacing-xs)' }}>
      {children}
    </Group>
  );
}
