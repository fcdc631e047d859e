/** A Kafka topic of ours. Created explicitly by us, never by a broker that met an unknown name. */
export interface Topic {
  readonly name: string;
  /** Small topics have few partitions; null means as many as KAFKA_PARTITIONS says. */
  readonly partitions: number | null;
  readonly retentionDays: number;
  readonly cleanup: 'delete' | 'compact,delete';
  readonly key: string;
  readonly carries: string;
}
