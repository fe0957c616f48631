import type { Plugin } from 'graphql-yoga';
import { notAcceptable } from '../errors/notAcceptable';
import { rejectionResponse } from '../errors/requestRejection';

/** The media types of GraphQL responses, including GraphiQL. */
const produced = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
  'multipart/mixed',
  'text/html',
];

function accepts(range: string): boolean {
  const [type = '', ...parameters] = range.replace(/\s/g, '').toLowerCase().split(';');
  const charset = parameters.find(parameter => parameter.startsWith('charset='));
  if (charset !== undefined && charset !== 'charset=utf-8') return false;
  if (type === '*/*') return true;
  return type.endsWith('/*')
    ? produced.some(one => one.startsWith(type.slice(0, -1)))
    : produced.includes(type);
}

/**
 * Rejects GraphQL requests that accept no response type before they are executed. Yoga chooses the media type after
 * execution: a mutation would be executed first.
 */
export function useAcceptedTypes(): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== '/graphql') return;
      const accept = request.headers.get('accept') || '*/*';
      if (accept.split(',').some(accepts)) return;
      endResponse(rejectionResponse(url, notAcceptable, fetchAPI));
    },
  };
}
