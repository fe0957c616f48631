import type { Plugin } from 'graphql-yoga';
import { refusalResponse } from './refusal';

const isJson = (contentType: string): boolean => /^application\/(graphql\+)?json\s*(;|$)/i.test(contentType);

/** A browser tells where a POST of one of its pages comes from. */
const isFromPage = (headers: Headers): boolean => headers.has('origin') || headers.has('sec-fetch-site');

/**
 * Turns away every POST that is not JSON, in all places. What is left are the posts that a web page of somebody
 * else's cannot send without asking first (forms and plain text it can), so no extra header is needed: a GET changes
 * nothing (mutations get 405), no page of another origin may read a response (there is no CORS header), and credentials
 * are never sent by the browser by itself (there is no cookie). The REST calls
 * take a POST that does not say what it is, as the reference's do, where no page has sent it.
 */
export function useJsonOnly(): Plugin {
  return {
    onRequest(incoming) {
      const { request, url, fetchAPI } = incoming;
      const { headers } = request;
      const contentType = headers.get('content-type') ?? '';
      if (request.method !== 'POST' || isJson(contentType)) return;
      if (contentType === '' && url.pathname.startsWith('/api/') && !isFromPage(headers)) return;
      const message = 'Send JSON, with the header "Content-Type: application/json".';
      incoming.endResponse(refusalResponse(url, { status: 415, code: 'BAD_USER_INPUT', message }, fetchAPI));
    },
  };
}
