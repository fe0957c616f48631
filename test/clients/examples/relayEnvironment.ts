import { createClient } from 'graphql-ws';
import { Environment, type GraphQLResponse, Network, Observable, RecordSource, Store } from 'relay-runtime';

export function createRelayEnvironment(url: string, key: string): Environment {
  const authorization = `Bearer ${key}`;
  const socket = createClient({ url: url.replace(/^http/, 'ws'), connectionParams: { authorization } });
  return new Environment({
    network: Network.create(
      async ({ text: query }, variables) => {
        const headers = { 'content-type': 'application/json', authorization };
        const response = await fetch(url, {
          method: 'POST',
          headers,
          body: JSON.stringify({ query, variables }),
        });
        return response.json();
      },
      ({ text }, variables) =>
        Observable.create<GraphQLResponse>(sink =>
          socket.subscribe(
            { query: text ?? '', variables },
            { ...sink, next: result => sink.next(result as GraphQLResponse) },
          ),
        ),
    ),
    store: new Store(new RecordSource()),
  });
}
