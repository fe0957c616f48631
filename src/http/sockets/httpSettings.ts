import type { Config } from '../../config/config';

/** The settings of a server's connections. */
export type HttpSettings = Pick<
  Config,
  | 'host'
  | 'port'
  | 'prefectApiUrl'
  | 'maxBodyBytes'
  | 'maxConnections'
  | 'maxBodyBytesInFlight'
  | 'headerTimeoutSeconds'
  | 'receiveTimeoutSeconds'
  | 'sendTimeoutSeconds'
  | 'keepAliveSeconds'
>;
