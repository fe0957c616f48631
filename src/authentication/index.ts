export type { ApiKey } from './apiKeys';
export {
  type Authenticate,
  type AuthenticationSettings,
  callerName,
  createAuthenticator,
  isAuthenticationConfigured,
} from './authenticator';
export { onExpiry } from './expiry';
export { isAllowedOrigin, isLoopbackHost } from './hostHeader';
export { createRefusalLog, type ReportRefusal } from './refusalLog';
export { type Actor, requireScope, type Scope, scopes } from './scope';
