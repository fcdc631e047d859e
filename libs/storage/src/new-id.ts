import { idSource } from '#domain';

/** The ids of new rows: uuid v7, rising within this process. */
export const newId = idSource(Date.now, (bytes) => crypto.getRandomValues(bytes));
