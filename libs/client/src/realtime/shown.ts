/** What is shown at the gateway's door to listen to a topic: a key, a ticket, or nothing. */
export type Shown = (
  topic: string,
  signal: AbortSignal,
) => Promise<{ readonly key?: string | undefined; readonly ticket?: string }>;
