const MAX_VALUE = 200;

/**
 * What of a row that was left out can be stored and shown: its beginning, without what the database cannot hold. A copy: a
 * slice would keep the whole row in memory.
 */
export const shownValue = (value: string): string =>
  Buffer.from(value.slice(0, MAX_VALUE)).toString().replaceAll('\0', '\ufffd');
