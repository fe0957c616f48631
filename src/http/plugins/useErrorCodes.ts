import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const mark = (error: GraphQLError): void => {
  error.extensions.code ??= 'BAD_USER_INPUT';
};

/** Adds the code BAD_USER_INPUT to errors of documents that are malformed or do not match the schema. */
export function useErrorCodes(): Plugin {
  return {
    onParse() {
      return ({ result, replaceParseResult }) => {
        if (result instanceof GraphQLError) mark(result);
        // The parser is recursive and throws when the stack is full.
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
