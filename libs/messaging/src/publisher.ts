/** One record as it goes to Kafka. The topic is the declared name; a prefix is put before it by the adapter. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Puts records on their topics, durably (`acks=-1`): resolved means that every in-sync replica has them. */
export interface Publisher {
  publish: (records: readonly OutgoingRecord[]) => Promise<void>;
  /** Connects ahead of the first record, which would do it, too. May be called twice. */
  start: () => Promise<void>;
  /** Finishes what is under way. May be called twice. */
  stop: () => Promise<void>;
}
