import type { Plugin } from 'graphql-yoga';
import { type AuthenticationSettings, isAuthenticationConfigured } from '../../authentication/authenticator';
import { isLoopbackHost } from '../../authentication/hostHeader';
import { refusalResponse } from './refusal';

/**
 * Where callers need not say who they are, answers only requests that name this very machine as their host. A web
 * page of somebody else's cannot do that, even where its name leads here.
 */
export function useLoopbackHosts(settings: AuthenticationSettings): Plugin {
  if (isAuthenticationConfigured(settings)) return {};
  return {
    onRequest(incoming) {
      const { request, url, fetchAPI } = incoming;
      if (isLoopbackHost(request.headers.get('host') ?? url.host)) return;
      const message =
        'Without API_KEYS or JWKS_URL, only requests to localhost, 127.0.0.1 or [::1] are answered; ' +
        'the Host header names another.';
      incoming.endResponse(refusalResponse(url, { status: 421, code: 'FORBIDDEN', message }, fetchAPI));
    },
  };
}
