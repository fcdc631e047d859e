import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { cliConfig, readEnvironment, SetupError } from '#config';

/** Where Mailtide is and who is calling; the client knows what to do where nothing is said. */
export interface Settings {
  readonly url?: string | undefined;
  readonly gatewayUrl?: string | undefined;
  readonly key?: string | undefined;
}

type CliEnvironment = z.infer<typeof cliConfig>;

const Profile = z.strictObject({ url: z.url().optional(), gatewayUrl: z.url().optional(), key: z.string().optional() });

/**
 * Options first, then the environment, then the profile. What the profile says of a gateway and a key is for its own URL
 * only: a key goes nowhere else. Throws a SetupError for a profile that is not readable.
 */
export function readSettings(options: Settings, env: CliEnvironment = readEnvironment(cliConfig)): Settings {
  const profile = readProfile(join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'mailtide', 'config.json'));
  const url = options.url ?? env.MAILTIDE_URL ?? profile.url;
  const theirs = url === profile.url ? profile : {};
  return {
    url,
    gatewayUrl: options.gatewayUrl ?? env.MAILTIDE_GATEWAY_URL ?? theirs.gatewayUrl,
    key: options.key ?? env.MAILTIDE_KEY ?? theirs.key,
  };
}

/** Nothing of its text is repeated in an error: there is a key in it. */
function readProfile(path: string): Settings {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new SetupError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const profile = Profile.safeParse(parseJson(text));
  if (profile.success) return profile.data;
  const fields = profile.error.issues.map(({ path: at, message }) => [...at, message].join(': ')).join('; ');
  throw new SetupError(
    `${path}: is no profile, for example {"url":"https://mail.example.com","key":"mt_test_…"} (${fields})`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
