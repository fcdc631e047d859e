import {
  gatewayConfig,
  kafkaSettings,
  migrateConfig,
  pollerConfig,
  readEnvironment,
  schedulerConfig,
  secretKey,
  senderConfig,
  SetupError,
  startConfig,
} from '#config';
import { parseSmtpUrl } from '#couriers';

/**
 * Throws one SetupError that names every problem of what `npm start` and its apps read, each once, before anything is started.
 * @param env with the addresses that the servers will have
 */
export function requireConfigurations(env: NodeJS.ProcessEnv): void {
  const checks = [
    () => readEnvironment(startConfig, env),
    () => kafkaSettings(readEnvironment(migrateConfig, env)),
    () => secretKey(readEnvironment(schedulerConfig, env)),
    () => readEnvironment(pollerConfig, env),
    () => requireSmtpUrl(readEnvironment(senderConfig, env).SMTP_URL),
    () => readEnvironment(gatewayConfig, env),
  ];
  const problems = new Set(checks.flatMap(problemsOf));
  if (problems.size > 0) throw new SetupError([...problems].join('\n'));
}

function problemsOf(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof SetupError) return error.message.split('\n');
    throw error;
  }
}

function requireSmtpUrl(url: string | undefined): void {
  try {
    if (url !== undefined) parseSmtpUrl(url);
  } catch (error) {
    throw new SetupError(
      `SMTP_URL: ${error instanceof Error ? error.message : 'is not readable'}, for example smtp://user:password@smtp.example.com:587`,
    );
  }
}
