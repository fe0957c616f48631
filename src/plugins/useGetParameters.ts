import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Refuses GET requests whose variables or extensions are no JSON, as POST requests are refused. */
export function useGetParameters(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (request.method !== 'GET' || requestParser === undefined) return;
      setRequestParser(async incoming => {
        try {
          return await requestParser(incoming);
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
          throw new GraphQLError('The parameters "variables" and "extensions" must be JSON.', {
            extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
          });
        }
      });
    },
  };
}
