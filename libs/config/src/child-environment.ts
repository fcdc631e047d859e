/** The environment for a process that we start: ours, and what it gets besides. undefined takes a variable away. */
export const childEnvironment = (more: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...more,
});
