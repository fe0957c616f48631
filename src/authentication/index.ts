export type { ApiKey } from './apiKeys';
export {
  type Authenticate,
  type AuthenticationSettings,
  createAuthenticator,
  isAuthenticationConfigured,
} from './authenticator';
export { isLoopbackHost, isSameOrigin } from './hostHeader';
export { createRefusalLog, type ReportRefusal } from './refusalLog';
export { type Actor, requireScope, type Scope, scopes } from './scope';
