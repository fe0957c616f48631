import { type ASTNode, type DocumentNode, GraphQLError, Kind, type ValueNode, visit } from 'graphql';
import { type InputIssue, pathText } from '../../domain/errors';

type Path = InputIssue['path'];

/** Stores the path of a literal and of all values in it. */
function collect(value: ValueNode, path: Path, paths: Map<ASTNode, Path>): void {
  paths.set(value, path);
  if (value.kind === Kind.LIST)
    for (const [index, item] of value.values.entries()) collect(item, [...path, index], paths);
  if (value.kind !== Kind.OBJECT) return;
  for (const field of value.fields) {
    const fieldPath = [...path, field.name.value];
    paths.set(field, fieldPath);
    collect(field.value, fieldPath, paths);
  }
}

/** The paths of all literals of a document, starting at the argument or the variable (`$name`). */
function pathsOf(document: DocumentNode): ReadonlyMap<ASTNode, Path> {
  const paths = new Map<ASTNode, Path>();
  visit(document, {
    Argument: ({ name, value }) => collect(value, [name.value], paths),
    VariableDefinition({ variable, defaultValue }) {
      if (defaultValue) collect(defaultValue, [`$${variable.name.value}`], paths);
    },
  });
  return paths;
}

/** Adds the paths of invalid literals to their errors, as `extensions.issues`. */
export function locateValues(
  document: DocumentNode,
  errors: readonly GraphQLError[],
): readonly GraphQLError[] {
  if (errors.length === 0) return errors;
  const paths = pathsOf(document);
  return errors.map(error => {
    const node = error.nodes?.[0];
    const path = node && paths.get(node);
    if (!path) return error;
    // The message of a scalar is sufficient without the prefix of graphql-js.
    const message = error.originalError?.message ?? error.message;
    const extensions = { ...error.extensions, issues: [{ path, message }] };
    return new GraphQLError(`${pathText(path)}: ${message}`, { nodes: error.nodes, extensions });
  });
}
