import { Badge } from '@mantine/core';
import type { Connection } from '../api/use-live-topic.js';

const LOOKS: Readonly<Record<Connection, { readonly color: string; readonly words: string; readonly why: string }>> = {
  connecting: { color: 'gray', words: 'Connecting…', why: 'The live connection is being made.' },
  live: { color: 'green', words: 'Live', why: 'What happens is shown at once.' },
  away: {
    color: 'orange',
    words: 'Reconnecting…',
    why: 'There is no live connection: the numbers are read every 2 seconds.',
  },
};

/** Whether the page is told what happens, or has to ask. */
export function ConnectionBadge({ connection }: { readonly connection: Connection }) {
  const { color, words, why } = LOOKS[connection];
  return (
    <Badge variant="dot" color={color} title={why} tt="none" size="lg" data-connection={connection}>
      {words}
    </Badge>
  );
}
