/** What the parent of a measured gateway sends to it. */
export interface MeasurementRequest {
  readonly number: number;
}

/** What a gateway uses, after a garbage collection. */
export interface Measurement {
  /** The number of the request. */
  readonly number: number;
  readonly residentMegabytes: number;
  readonly heapMegabytes: number;
  /** Milliseconds that the event loop was late since the measurement before: the 99th percentile. */
  readonly delayP99: number;
  /** The same: the longest. */
  readonly delayMax: number;
}
