import type { DeadLetterId } from '#domain';
import type { Poison } from '#messaging';
import { type Database, storeRecordDeadLetter } from '#storage';
import type { Facts, Logger } from '#telemetry';

/** Keeps records that this process could not read as dead letters. */
export const keepPoison =
  (db: Database, log: Logger, facts: Facts, source: string) =>
  async ({ record, code, why }: Poison): Promise<DeadLetterId | undefined> => {
    try {
      const { topic, partition, offset, timestamp, key, value: payload } = record;
      const where = { topic, partition, offset, timestamp, key, payload, headers: record.headers() };
      const id = await storeRecordDeadLetter(db, { ...where, reason: code, error: why, source });
      facts.deadLetterAdded('record', code);
      return id;
    } catch (error) {
      if (!isRefused(error)) throw error;
      // It would be refused again and again, and hold up all that comes behind. Its topic keeps it.
      log.error({ err: error, topic: record.topic, offset: record.offset }, 'a record cannot be kept by the database');
      return undefined;
    }
  };

/** SQLSTATE class 22 or 23: a value that the database cannot take, now or ever. */
const isRefused = (error: unknown): boolean => /^2[23]/.test(String((error as { code?: unknown } | null)?.code));
