import type { Plugin } from 'graphql-yoga';
import { refusalResponse } from './refusal';

const isJson = (contentType: string): boolean => /^application\/(graphql\+)?json\s*(;|$)/i.test(contentType);

/**
 * Turns away every POST that is not JSON, in all places. What is left are the posts that a web page of somebody
 * else's cannot send without asking first (forms and plain text it can), so no extra header is needed.
 */
export function useJsonOnly(): Plugin {
  return {
    onRequest(incoming) {
      const { request, url, fetchAPI } = incoming;
      if (request.method !== 'POST' || isJson(request.headers.get('content-type') ?? '')) return;
      const message = 'Send JSON, with the header "Content-Type: application/json".';
      incoming.endResponse(refusalResponse(url, { status: 415, code: 'BAD_USER_INPUT', message }, fetchAPI));
    },
  };
}
