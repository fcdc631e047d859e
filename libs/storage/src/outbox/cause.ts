import { AsyncLocalStorage } from 'node:async_hooks';

const causes = new AsyncLocalStorage<string>();

/** Runs `work`, and all that follows from it, as caused by the request with this `traceparent`: its events continue it. */
export const causedBy = <T>(traceparent: string, work: () => T): T => causes.run(traceparent, work);

/** The `traceparent` of the request that we are working for; null: nobody sent one. */
export const currentCause = (): string | null => causes.getStore() ?? null;
