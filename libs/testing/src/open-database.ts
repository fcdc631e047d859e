import { Database } from '#storage';

/** A pool as the hot path has it: pinned plans. */
export const openPinned = (url: string, maxConnections = 8): Database =>
  new Database({ url, application: 'spec', maxConnections, plans: 'pinned', onIdleError: () => undefined });

/** A pool as the API has it: the server plans freely. */
export const openFree = (url: string, maxConnections = 8): Database =>
  new Database({ url, application: 'spec', maxConnections, plans: 'free', onIdleError: () => undefined });
