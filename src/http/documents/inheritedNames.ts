import { type DocumentNode, type ExecutionArgs, Kind, visit } from 'graphql';

/** Whether every JavaScript object has a property of this name, which graphql-js would take for a variable. */
const isInherited = (name: string): boolean => name in Object.prototype;

const isAbsent = (name: string, { variableValues }: ExecutionArgs): boolean =>
  variableValues === null || variableValues === undefined || !Object.hasOwn(variableValues, name);

const namesOf = ({ definitions }: DocumentNode): string[] =>
  definitions.flatMap(definition =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
      : [],
  );

/**
 * Renames absent variables that are named like a property of every object, such as `$constructor`: graphql-js would
 * use that property as their value. The new names end with a space, so that no document can contain them.
 */
export function withoutInheritedNames(operation: ExecutionArgs): ExecutionArgs {
  const names = new Set(
    namesOf(operation.document).filter(name => isInherited(name) && isAbsent(name, operation)),
  );
  if (names.size === 0) return operation;
  const document = visit(operation.document, {
    Variable: node =>
      names.has(node.name.value)
        ? { ...node, name: { ...node.name, value: `${node.name.value} ` } }
        : undefined,
  });
  return { ...operation, document };
}
