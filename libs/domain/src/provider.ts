import type { ProviderId } from './id.js';

/** The provider of each mode: test mail goes to the sandbox, live mail to the one that the environment names. Fixed until providers can be edited. */
export const PROVIDERS = {
  test: '00000000-0000-7000-8000-000000000001' as ProviderId,
  live: '00000000-0000-7000-8000-000000000002' as ProviderId,
} as const;

export const PROVIDER_IDS: readonly ProviderId[] = Object.values(PROVIDERS);
