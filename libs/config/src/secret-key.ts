import { randomBytes } from 'node:crypto';
import { authMode } from './auth-mode.js';
import { SetupError } from './read-environment.js';

/**
 * The secret of the installation, 32 bytes. On a developer's machine an app that was given none makes one up, which ends
 * with it. Throws a SetupError where others call: there it must outlive the process and be the same in every replica.
 */
export function secretKey(
  config: Parameters<typeof authMode>[0] & { readonly SECRET_KEY?: Buffer | undefined },
): Buffer {
  if (config.SECRET_KEY !== undefined) return config.SECRET_KEY;
  if (authMode(config) === 'dev') return randomBytes(32);
  throw new SetupError(
    'SECRET_KEY: is required with AUTH_MODE=keys, the same for all apps, for example the output of `openssl rand -base64 32`',
  );
}
