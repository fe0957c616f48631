import {
  type ExecutionArgs,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNullableType,
  getOperationAST,
  isInputObjectType,
  isInputType,
  isListType,
  typeFromAST,
} from 'graphql';
import { createIssueList, type IssueList } from '../../domain/errors';
import { ExactNumber } from '../../domain/exactNumber';

/** The location of a value. Its path is built only for an error. */
interface ValueLocation {
  readonly above: ValueLocation | null;
  readonly key: string | number;
}

function pathTo(location: ValueLocation): (string | number)[] {
  const path = [];
  for (let at: ValueLocation | null = location; at !== null; at = at.above) path.push(at.key);
  return path.reverse();
}

interface Check {
  readonly maxListLength: number;
  readonly issues: IssueList;
}

/** Replaces an item of any name. */
function replace(container: object, key: string | number, item: unknown, checked: unknown): void {
  if (checked !== item) Reflect.set(container, key, checked);
}

function checkList(items: unknown[], type: GraphQLInputType, check: Check, location: ValueLocation): void {
  if (items.length > check.maxListLength) {
    const message = `a list may have ${check.maxListLength} items at most; this one has ${items.length}.`;
    check.issues.add(() => ({ path: pathTo(location), message }));
    return;
  }
  for (const [index, item] of items.entries())
    replace(items, index, item, checkValue(item, type, check, { above: location, key: index }));
}

function checkObject(
  value: object,
  type: GraphQLInputObjectType,
  check: Check,
  location: ValueLocation,
): void {
  const fields = type.getFields();
  for (const [name, item] of Object.entries(value)) {
    const field = fields[name];
    if (field === undefined) {
      check.issues.add(() => ({
        path: pathTo(location),
        message: `Field "${name}" is not defined by type "${type.name}".`,
      }));
    } else replace(value, name, item, checkValue(item, field.type, check, { above: location, key: name }));
  }
}

/** Checks a value and returns it or its replacement. */
function checkValue(value: unknown, type: GraphQLInputType, check: Check, location: ValueLocation): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    // A value that is no list is a list of one item.
    if (!Array.isArray(value)) return checkValue(value, nullable.ofType, check, location);
    checkList(value, nullable.ofType, check, location);
    return value;
  }
  if (value instanceof ExactNumber) return nullable.name === 'JSON' ? value : value.value;
  if (isInputObjectType(nullable) && typeof value === 'object' && value !== null && !Array.isArray(value))
    checkObject(value, nullable, check, location);
  return value;
}

/**
 * Checks the variables of an operation where graphql-js costs too much or reveals too much: lists that are too long,
 * and fields that are not defined. Exact numbers outside of JSON become plain numbers, in location.
 */
export function checkVariables(
  { schema, document, operationName, variableValues }: ExecutionArgs,
  maxListLength: number,
): IssueList {
  const check: Check = { maxListLength, issues: createIssueList() };
  for (const { variable, type: typeNode } of getOperationAST(document, operationName)?.variableDefinitions ??
    []) {
    const name = variable.name.value;
    const type = typeFromAST(schema, typeNode);
    if (!variableValues || !isInputType(type) || !Object.hasOwn(variableValues, name)) continue;
    if (name === '__proto__') {
      // graphql-js would ignore it without an error.
      check.issues.add(() => ({ path: [name], message: 'is not a name that a variable can have' }));
      continue;
    }
    const value: unknown = variableValues[name];
    replace(variableValues, name, value, checkValue(value, type, check, { above: null, key: name }));
  }
  return check.issues;
}
