import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const mark = (error: GraphQLError): void => {
  error.extensions.code ??= 'BAD_USER_INPUT';
};

/** Gives the errors of documents that cannot be parsed, or do not fit the schema, the code BAD_USER_INPUT. */
export function useErrorCodes(): Plugin {
  return {
    onParse() {
      return ({ result, replaceParseResult }) => {
        if (result instanceof GraphQLError) mark(result);
        // The parser calls itself for what lies in what it reads, until the stack ends.
        else if (result instanceof RangeError) {
          const message = 'The values of the query are nested too deeply.';
          replaceParseResult(new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } }));
        }
      };
    },
    onValidate() {
      return ({ result }) => {
        for (const error of result) if (error instanceof GraphQLError) mark(error);
      };
    },
  };
}
