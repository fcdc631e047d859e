import { SetupError } from './read-environment.js';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Whether an address reaches this machine only. */
export const isLoopback = (host: string): boolean => LOOPBACK.has(host);

/** `dev` needs no key, so it exists on a loopback address only; throws when somebody asks for more. */
export function authMode(config: {
  readonly HOST: string;
  readonly AUTH_MODE?: 'dev' | 'keys' | undefined;
  readonly DEV_BEHIND_LOOPBACK: boolean;
}): 'dev' | 'keys' {
  const mayBeDev = isLoopback(config.HOST) || config.DEV_BEHIND_LOOPBACK;
  if (config.AUTH_MODE === 'dev' && !mayBeDev) {
    throw new SetupError(
      `AUTH_MODE: dev needs no key, so it works on a loopback HOST only and HOST is ${config.HOST}; set AUTH_MODE=keys, or DEV_BEHIND_LOOPBACK=1 in a container whose ports are published on loopback`,
    );
  }
  return config.AUTH_MODE ?? (isLoopback(config.HOST) ? 'dev' : 'keys');
}
