import type { Config } from '../../config/config';

/** The settings that a server's connections obey. */
export type HttpSettings = Pick<
  Config,
  | 'host'
  | 'port'
  | 'maxBodyBytes'
  | 'maxConnections'
  | 'maxBodyBytesInFlight'
  | 'headerTimeoutSeconds'
  | 'receiveTimeoutSeconds'
  | 'sendTimeoutSeconds'
  | 'keepAliveSeconds'
>;
