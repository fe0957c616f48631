export {
  type Authenticate,
  type AuthenticationSettings,
  callerName,
  createAuthenticator,
  isAuthenticationConfigured,
} from './authenticator';
export { isAllowedOrigin } from './isAllowedOrigin';
export { isLoopbackHost } from './isLoopbackHost';
export { onExpiry } from './onExpiry';
export { createRefusalLog, type ReportRefusal } from './refusalLog';
export { type Actor, requireScope, type Scope, scopes } from './scope';
