/** What is killed. */
export type VictimKind = 'gateway' | 'worker' | 'mysql' | 'redis' | 'prefect';

/** Something that can be killed at any moment, and started again. */
export interface Victim {
  name: string;
  kind: VictimKind;
  /** Ends it at once, as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again; a process may not be ready yet then. */
  restart(): Promise<void>;
}
