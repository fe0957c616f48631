export { useAcceptedTypes } from './useAcceptedTypes';
export { type Authenticated, useAuthentication } from './useAuthentication';
export { useBodyEncoding } from './useBodyEncoding';
export { useBodyLimit } from './useBodyLimit';
export { useCompression } from './useCompression';
export { useConsole } from './useConsole';
export { useErrorCodes } from './useErrorCodes';
export { useExactNumbers } from './useExactNumbers';
export { useGraphiqlHead } from './useGraphiqlHead';
export { useGraphql } from './useGraphql';
export { useHealth } from './useHealth';
export { useIntrospectionSwitch } from './useIntrospectionSwitch';
export { useJsonBody } from './useJsonBody';
export { useJsonOnly } from './useJsonOnly';
export { useLimits } from './useLimits';
export { useLoopbackHosts } from './useLoopbackHosts';
export { useMutationLog } from './useMutationLog';
export { useNotAcceptable } from './useNotAcceptable';
export { useNotFoundPage } from './useNotFoundPage';
export {
  isPersistedQueryProbe,
  persistedQueryNotSupported,
  usePersistedQueries,
} from './usePersistedQueries';
export { useReadScope } from './useReadScope';
export { useReadSource } from './useReadSource';
export { useRequestId } from './useRequestId';
export { useRest } from './useRest';
export { createOpenStreams, type OpenStreams, useStreams } from './useStreams';
export { useSubscriptionLimit } from './useSubscriptionLimit';
export { useSubscriptionRoot } from './useSubscriptionRoot';
export { useTimeout } from './useTimeout';
export { useVariableCheck } from './useVariableCheck';
