import { Badge } from '@mantine/core';
import { inWords } from './numbers.js';

const COLORS: Readonly<Record<string, string>> = {
  draft: 'gray',
  scheduled: 'gray',
  running: 'blue',
  paused: 'yellow',
  completed: 'green',
  completed_with_errors: 'red',
  cancelled: 'dark',
};

export function StatusBadge({ status }: { readonly status: string }) {
  return (
    <Badge
      variant="dot"
      color={COLORS[status] ?? 'gray'}
      tt="none"
      size="lg"
      data-status={status}
      styles={{ label: { overflow: 'visible' } }}
    >
      {inWords(status)}
    </Badge>
  );
}
