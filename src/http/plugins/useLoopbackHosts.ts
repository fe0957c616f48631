import type { Plugin } from 'graphql-yoga';
import { type AuthenticationSettings, isAuthenticationConfigured } from '../../authentication/authenticator';
import { isLoopbackHost } from '../../authentication/isLoopbackHost';
import { rejectionResponse } from '../errors/requestRejection';

/**
 * Without authentication, accepts only requests whose host is this machine. A web page of another origin cannot send
 * these, even if its name resolves to this machine.
 */
export function useLoopbackHosts(settings: AuthenticationSettings): Plugin {
  if (isAuthenticationConfigured(settings)) return {};
  return {
    onRequest(incoming) {
      const { request, url, fetchAPI } = incoming;
      if (isLoopbackHost(request.headers.get('host') ?? url.host)) return;
      const message =
        'Without API_KEYS or JWKS_URL, only requests to localhost, 127.0.0.1 or [::1] are accepted; ' +
        'the Host header names another.';
      incoming.endResponse(rejectionResponse(url, { status: 421, code: 'FORBIDDEN', message }, fetchAPI));
    },
  };
}
