const MAX_VALUE = 200;

/** What of a row that was left out can be stored and shown: its beginning, without what the database cannot hold. */
export const shownValue = (value: string): string =>
  value.slice(0, MAX_VALUE).toWellFormed().replaceAll('\0', '\ufffd');
