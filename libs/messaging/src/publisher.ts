/** One record as it goes to Kafka. The topic is the declared name; a prefix is put before it by the adapter. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where the first record of a send came to lie in a partition. The topic is the declared name. */
export interface Acknowledgement {
  readonly topic: string;
  readonly partition: number;
  /** As Kafka has it: a whole number. */
  readonly offset: string;
}

/** Puts records on their topics, durably (`acks=-1`): resolved means that every in-sync replica has them. */
export interface Publisher {
  publish: (records: readonly OutgoingRecord[]) => Promise<readonly Acknowledgement[]>;
  /** Connects ahead of the first record, which would do it, too. May be called twice. */
  start: () => Promise<void>;
  /** Finishes what is under way, for a few seconds at most. May be called twice. */
  stop: () => Promise<void>;
}
