import { randomBytes } from 'node:crypto';

/** A name that no other test has: for topics, groups and instances on shared servers. */
export const uniqueName = (prefix: string): string => `${prefix}-${process.pid}-${randomBytes(4).toString('hex')}`;
