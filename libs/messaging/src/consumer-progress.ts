/** A partition as a consumer group reads it. */
export interface Place {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

/** What a consumer has in hand: offsets, both included. */
export interface InHand {
  readonly first: bigint;
  readonly last: bigint;
  /** How often the record at `first` was taken alone by now; 0: all of them came together. */
  readonly tries: number;
}

/**
 * What consumers have in hand, remembered beyond their death: a record that kills its process would do it for ever
 * (reliability 2.9). One note a partition; what is committed need not be forgotten, as its offsets do not come again.
 */
export interface ConsumerProgress {
  /** What was in hand there when its process died; undefined: nothing, or that process lives. */
  readonly left: (place: Place) => Promise<InHand | undefined>;
  /** Replaces what was noted there. */
  readonly note: (place: Place, inHand: InHand) => Promise<void>;
  /** Forgets what this process noted there; not what another one did that has the partition by now. */
  readonly forget: (place: Place) => Promise<void>;
}
