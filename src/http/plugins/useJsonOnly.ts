import type { Plugin } from 'graphql-yoga';
import { rejectionResponse } from '../errors/requestRejection';

const isJson = (contentType: string): boolean => /^application\/(graphql\+)?json\s*(;|$)/i.test(contentType);

/** Browsers send the origin of a page's POST. */
const isFromPage = (headers: Headers): boolean => headers.has('origin') || headers.has('sec-fetch-site');

/**
 * Rejects every POST that is not JSON. A web page of another origin can send forms and plain text without a
 * preflight, but not JSON, so that no CSRF header is needed: a GET changes nothing (mutations receive 405), no page
 * of another origin can read a response unless ALLOWED_ORIGINS names it, and browsers send no credentials (there are no
 * cookies). REST calls accept a POST without a content type if no page has sent it, as Prefect does.
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
      incoming.endResponse(
        rejectionResponse(url, { status: 415, code: 'BAD_USER_INPUT', message }, fetchAPI),
      );
    },
  };
}
