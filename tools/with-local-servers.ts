/** The environment of a command that needs servers and starts none: those that were given, else the local ones that run. */
export function withLocalServers(
  env: NodeJS.ProcessEnv,
  local: { readonly databaseUrl?: string; readonly brokers?: string },
): NodeJS.ProcessEnv {
  const isGiven = (name: string) => Boolean(env[name]) || Boolean(env[`${name}_FILE`]);
  return {
    ...env,
    ...(!isGiven('DATABASE_URL') && local.databaseUrl !== undefined && { DATABASE_URL: local.databaseUrl }),
    ...(!isGiven('KAFKA_BROKERS') && local.brokers !== undefined && { KAFKA_BROKERS: local.brokers }),
  };
}
