/** The four apps, in the order in which they are shown, and the ports that each one opens. */
export const APPS = [
  { name: 'scheduler', ports: ['SCHEDULER_PORT'] },
  { name: 'poller', ports: ['POLLER_PORT'] },
  { name: 'sender', ports: ['SENDER_PORT'] },
  { name: 'gateway', ports: ['GATEWAY_PORT', 'SANDBOX_SMTP_PORT'] },
] as const;
