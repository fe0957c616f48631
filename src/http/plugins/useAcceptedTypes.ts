import type { Plugin } from 'graphql-yoga';
import { notAcceptable } from './notAcceptable';
import { refusalResponse } from './refusal';

/** What GraphQL responses may be, the page to try queries on included. */
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
 * Refuses GraphQL requests whose response the client would not accept, before anything is executed. Yoga chooses the media type
 * of a response once there is one: a mutation would be carried out first.
 */
export function useAcceptedTypes(): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== '/graphql') return;
      const accept = request.headers.get('accept') || '*/*';
      if (accept.split(',').some(accepts)) return;
      endResponse(refusalResponse(url, notAcceptable, fetchAPI));
    },
  };
}
