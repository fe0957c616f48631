import {
  type DocumentNode,
  type ExecutionArgs,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  parse,
  type Source,
  subscribe,
  type ValidationRule,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { maxNamedIssues } from '../../domain/errors';
import { checkDocumentSize, type DocumentLimits } from '../documents/documentLimits';
import { withoutInheritedNames } from '../documents/inheritedNames';
import { locateValues } from '../documents/locateValues';

/** The limits of a document, and what its errors may reveal. */
interface GraphqlSettings extends DocumentLimits {
  /** The maximum number of characters of a document. */
  readonly maxQueryLength: number;
  /** The maximum number of tokens of a document. */
  readonly maxTokens: number;
  /** Whether errors may suggest names of the schema. */
  readonly introspection: boolean;
}

const maxValidationErrors = 20;
const maxVariableErrors = maxNamedIssues;

/** graphql-js reports a duplicate at each node of its name: an error must not grow with its document. */
const pointingAtFewNodes = (error: GraphQLError): GraphQLError =>
  (error.nodes?.length ?? 0) <= maxNamedIssues
    ? error
    : new GraphQLError(error.message, {
        nodes: error.nodes?.slice(0, maxNamedIssues),
        originalError: error.originalError,
        extensions: error.extensions,
      });

/** Limits the errors of invalid variables: the first ten are named, the others counted. */
function namingFewErrors(result: ReturnType<typeof execute>): ReturnType<typeof execute> {
  if (!('errors' in result) || 'data' in result) return result;
  const { errors = [] } = result;
  if (errors.length <= maxNamedIssues) return result;
  const more = new GraphQLError(
    `variables: more values are wrong than the ${maxNamedIssues} that are named.`,
  );
  return { ...result, errors: [...errors.slice(0, maxNamedIssues), more] };
}

function parseWithin(source: string | Source, limits: GraphqlSettings) {
  const { length } = typeof source === 'string' ? source : source.body;
  const { maxQueryLength, maxTokens } = limits;
  if (length > maxQueryLength)
    throw new GraphQLError(
      `query: must have at most ${maxQueryLength} characters (got ${length}). Use variables for long input.`,
      { extensions: { code: 'BAD_USER_INPUT' } },
    );
  const document = parse(source, { maxTokens });
  checkDocumentSize(document, limits);
  return document;
}

/** The errors of the variables of an operation, without suggestions. */
function variableErrors({ schema, document, operationName, variableValues }: ExecutionArgs) {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const options = { maxErrors: maxVariableErrors, hideSuggestions: true };
  const { errors = [] } = getVariableValues(schema, definitions, variableValues ?? {}, options);
  const extensions = { code: 'BAD_USER_INPUT', http: { status: 400, spec: true } };
  return errors.map(({ message, nodes }) => new GraphQLError(message, { nodes, extensions }));
}

/**
 * Parses, validates and executes with graphql-js, within the limits of a document. Yoga's own executor treats every
 * object with a field `then` as a promise, JSON values and aliases included, and orders fields by their time of
 * resolution.
 */
export function useGraphql(settings: GraphqlSettings): Plugin {
  const hideSuggestions = !settings.introspection;
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string | Source) => parseWithin(source, settings));
    },
    onValidate({ setValidationFn }) {
      const options = { maxErrors: maxValidationErrors, hideSuggestions };
      setValidationFn((schema: GraphQLSchema, document: DocumentNode, rules?: readonly ValidationRule[]) =>
        locateValues(document, validate(schema, document, rules, options).map(pointingAtFewNodes)),
      );
    },
    onExecute({ setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) =>
        namingFewErrors(execute({ ...withoutInheritedNames(args), hideSuggestions })),
      );
    },
    onSubscribe({ args, setSubscribeFn, setResultAndStopExecution }) {
      setSubscribeFn((operation: ExecutionArgs) => subscribe(withoutInheritedNames(operation)));
      // `subscribe` has no option to hide suggestions, so the variables are checked first.
      const errors = hideSuggestions ? variableErrors(args) : [];
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
  };
}
