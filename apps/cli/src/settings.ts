import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { cliConfig, readEnvironment, SetupError } from '#config';

/** Where Mailtide is and who is calling. */
export interface Settings {
  readonly url: string;
  readonly gatewayUrl: string;
  readonly key: string | undefined;
}

const Profile = z.strictObject({ url: z.url().optional(), gatewayUrl: z.url().optional(), key: z.string().optional() });

/** Options first, then the environment, then the profile, then this machine. Throws a SetupError for a profile that is not readable. */
export function readSettings(options: Partial<Settings>): Settings {
  const env = readEnvironment(cliConfig);
  const profile = readProfile(join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'mailtide', 'config.json'));
  const url = options.url ?? env.MAILTIDE_URL ?? profile.url ?? 'http://localhost:3000';
  return {
    url,
    gatewayUrl: options.gatewayUrl ?? env.MAILTIDE_GATEWAY_URL ?? profile.gatewayUrl ?? gatewayBeside(url),
    key: options.key ?? env.MAILTIDE_KEY ?? profile.key,
  };
}

/** One origin may serve both; on this machine the gateway has the next port. */
function gatewayBeside(url: string): string {
  const gateway = new URL(url);
  if (gateway.port === '3000') gateway.port = '3001';
  return gateway.origin;
}

function readProfile(path: string): z.infer<typeof Profile> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  try {
    return Profile.parse(JSON.parse(text));
  } catch (error) {
    throw new SetupError(
      `${path}: is no profile, for example {"url":"https://mail.example.com","key":"mt_test_…"} (${(error as Error).message})`,
    );
  }
}
