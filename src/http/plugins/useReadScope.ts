import {
  type ExecutionArgs,
  GraphQLError,
  getOperationAST,
  OperationTypeNode,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { forbidden } from '../../domain/errors';
import type { Context } from '../context';

const isMarked = (extensions: Readonly<Record<string, unknown>> | undefined): boolean =>
  extensions?.needsRead === true;

/** The fields in the payload of a mutation that do not require the scope `read`. */
const openFields: readonly string[] = ['id', '__typename'];

/** The first field of a mutation that reads stored data beyond the effect of the mutation; null for none. */
function findReadField({ schema, document, operationName }: ExecutionArgs): string | null {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== OperationTypeNode.MUTATION) return null;
  const alone = separateOperations(document)[operation.name?.value ?? ''] ?? document;
  const types = new TypeInfo(schema);
  let found: string | null = null;
  visit(
    alone,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        const field = types.getFieldDef();
        if (found !== null || !parent || openFields.includes(node.name.value)) return;
        if (isMarked(parent.extensions) || isMarked(field?.extensions))
          found = `${parent.name}.${node.name.value}`;
      },
    }),
  );
  return found;
}

/**
 * Requires the scope `read` for mutations that read stored data beyond their own effect. Rejects them before they
 * write.
 */
export function useReadScope(): Plugin<Context> {
  return {
    onExecute({ args, setExecuteFn }) {
      const { actor } = args.contextValue;
      if (actor.scopes.has('read')) return;
      const field = findReadField(args);
      if (field === null) return;
      const error = forbidden(`${actor.name} lacks the scope "read", which ${field} needs.`);
      // Returned instead of executing: as a result it is masked and logged like other errors.
      setExecuteFn(() => ({ errors: [new GraphQLError(error.message, { originalError: error })] }));
    },
  };
}
