import type { GraphQLResolveInfo } from 'graphql';
import type { Json } from '../../domain/json';
import { jsonFromLiteral } from './jsonLiteral';

/**
 * An argument of the field being resolved, as the caller sent it: without the defaults that the schema fills in, and with
 * every value as it was written. null where it is absent.
 */
export function argumentAsSent(
  { fieldNodes, operation }: GraphQLResolveInfo,
  name: string,
  variables: Readonly<Record<string, unknown>>,
): Json {
  const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, jsonFromLiteral(defaultValue, null)] as const],
  );
  const node = fieldNodes[0]?.arguments?.find(argument => argument.name.value === name)?.value;
  if (node === undefined) return null;
  return jsonFromLiteral(node, { ...Object.fromEntries(defaults), ...variables }) ?? null;
}
