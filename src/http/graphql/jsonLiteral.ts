import { Kind, type ObjectValueNode, type ValueNode } from 'graphql';
import { numberFrom } from '../../domain/exactNumber';
import type { Json } from '../../domain/json';

type Variables = Readonly<Record<string, unknown>> | null | undefined;

const variableIn = (variables: Variables, name: string): Json | undefined =>
  variables && Object.hasOwn(variables, name) ? (variables[name] as Json) : undefined;

/** A name may be `__proto__`: of an object made like this it is one as any other. A variable that is absent has no field. */
const objectFrom = ({ fields }: ObjectValueNode, variables: Variables): Json =>
  Object.fromEntries(
    fields.flatMap(({ name, value }) => {
      const json = jsonFromLiteral(value, variables);
      return json === undefined ? [] : [[name.value, json]];
    }),
  );

/** The JSON that a literal in a query stands for, its numbers digit for digit; undefined: a variable that is absent. */
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
