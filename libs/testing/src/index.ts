/** What specs need beside the code under test. Imported by specs only. */
export { eventually } from './eventually.js';
export { testDatabase, type TestDatabase } from './test-database.js';
export { uniqueName } from './unique-name.js';
