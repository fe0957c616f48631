import { Kind, type ObjectValueNode, type ValueNode } from 'graphql';
import { numberFrom } from '../../domain/exactNumber';
import type { Json } from '../../domain/json';

type Variables = Readonly<Record<string, unknown>> | null | undefined;

const variableIn = (variables: Variables, name: string): Json | undefined =>
  variables && Object.hasOwn(variables, name) ? (variables[name] as Json) : undefined;

/** Creates an object in which even `__proto__` is an ordinary name. An absent variable has no field. */
const objectFrom = ({ fields }: ObjectValueNode, variables: Variables): Json =>
  Object.fromEntries(
    fields.flatMap(({ name, value }) => {
      const json = jsonFromLiteral(value, variables);
      return json === undefined ? [] : [[name.value, json]];
    }),
  );

/** The JSON value of a literal in a query, with all digits of numbers; undefined for an absent variable. */
export function jsonFromLiteral(node: ValueNode, variables: Variables): Json | undefined {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return numberFrom(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.LIST:
      return node.values.map(item => jsonFromLiteral(item, variables) ?? null);
    case Kind.OBJECT:
      return objectFrom(node, variables);
    case Kind.VARIABLE:
      return variableIn(variables, node.name.value);
  }
}
