import { SetupError } from '#config';

/** The environment of a command that needs servers and starts none: those that were given, else the local ones that run. */
export function withLocalServers(
  env: NodeJS.ProcessEnv,
  local: { readonly databaseUrl?: string; readonly brokers?: string },
): NodeJS.ProcessEnv {
  return {
    ...env,
    ...(!isGiven(env, 'DATABASE_URL') && local.databaseUrl !== undefined && { DATABASE_URL: local.databaseUrl }),
    ...(!isGiven(env, 'KAFKA_BROKERS') && local.brokers !== undefined && { KAFKA_BROKERS: local.brokers }),
  };
}

/** Throws a SetupError that names every server which is neither given nor running, and the commands that start it. */
export function requireServers(env: NodeJS.ProcessEnv, commands: string): void {
  const missing = ['DATABASE_URL', 'KAFKA_BROKERS'].filter((name) => !isGiven(env, name));
  if (missing.length === 0) return;
  throw new SetupError(
    missing
      .map((name) => `${name}: is required, and no local server runs; set it, or run ${commands} first`)
      .join('\n'),
  );
}

const isGiven = (env: NodeJS.ProcessEnv, name: string) => Boolean(env[name]) || Boolean(env[`${name}_FILE`]);
