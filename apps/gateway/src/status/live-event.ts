/** An event as sockets get it, the same shape for every type (interface 4). */
export interface LiveEvent {
  /** `evt_…`: drop those that are known. */
  readonly id: string;
  readonly type: string;
  /** The subscription that it belongs to; null: to none. */
  readonly topic: string | null;
  readonly cursor: string;
  readonly time: string;
  readonly data: unknown;
  readonly replay: boolean;
}
