import { GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { badUserInput, type InputIssue } from '../../domain/errors';
import { ExactNumber } from '../../domain/exactNumber';
import { isJsonObject } from '../../domain/json';
import { readJson } from '../../domain/jsonText';
import { type ReadBody, readJsonBody } from '../readJsonBody';

/** A malformed body is 400 for every `Accept` header: it is not a GraphQL request. */
const unreadable = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });

/** The number of objects around the values of variables in a body. */
const bodyAndVariables = 2;

/** The path of a variable without its prefix: `input[0].name`. */
const variablePath = ([first, ...rest]: InputIssue['path']): InputIssue['path'] =>
  first === undefined ? [] : first === 'variables' ? rest : [first, ...rest];

function valueOf(what: string, result: ReadBody): unknown {
  switch (result.kind) {
    case 'value':
      return result.value;
    case 'incomplete':
      throw unreadable(`${what} did not arrive in full.`);
    case 'notUtf8':
      throw unreadable(`${what} is not UTF-8.`);
    case 'empty':
    case 'notJson':
      throw unreadable(`${what} is not JSON.`);
    case 'fault': {
      const { path, message } = result.fault;
      if (path.length === 0) throw unreadable(`${what} ${message}.`);
      throw badUserInput([{ path: variablePath(path), message }]);
    }
  }
}

/** The parameters of a request. Yoga checks their types. */
function paramsOf(body: unknown): GraphQLParams {
  if (Array.isArray(body)) return body as GraphQLParams;
  if (!isJsonObject(body)) throw unreadable('The body of the request must be a JSON object.');
  const params = Object.entries(body).map(([name, value]) => [
    name,
    value instanceof ExactNumber ? value.value : value,
  ]);
  return Object.fromEntries(params) as GraphQLParams;
}

const inQuery = (name: string, text: string | null): unknown =>
  text ? valueOf(`The parameter ${name}`, readJson(text, 1)) : undefined;

function paramsOfQuery(url: string): GraphQLParams {
  const query = url.split('?')[1] ?? '';
  try {
    decodeURIComponent(query);
  } catch {
    throw unreadable('The query of the URL is not UTF-8 in percent-encoding.');
  }
  const search = new URLSearchParams(query);
  return paramsOf({
    operationName: search.get('operationName') ?? undefined,
    query: search.get('query') ?? undefined,
    variables: inQuery('variables', search.get('variables')),
    extensions: inQuery('extensions', search.get('extensions')),
  });
}

/**
 * Parses requests in place of Yoga's parsers: UTF-8 only, with all digits of numbers, and without values that cannot
 * be stored.
 */
export function useJsonBody(): Plugin {
  return {
    onRequestParse({ request, setRequestParser }) {
      if (request.method === 'POST')
        setRequestParser(async post =>
          paramsOf(valueOf('The body of the request', await readJsonBody(post, bodyAndVariables))),
        );
      else if (request.method === 'GET') setRequestParser(get => paramsOfQuery(get.url));
    },
  };
}
