/** The environment for a process that we start: ours, and what it gets besides. undefined takes a variable away. */
export const childEnvironment = (more: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...more,
});

/** Gives this process variables, as if it had been started with them. */
export function adoptEnvironment(more: Readonly<Record<string, string | undefined>>): void {
  Object.assign(process.env, more);
}
