import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;
type Fields = { [key: string]: unknown };

/** A field that is asked for: which of its place it is, and what is asked of its value; null: all of it, whatever it is. */
interface AskedField {
  readonly place: number;
  readonly below: Asked | null;
}

/** The fields that are asked for at one place, by the names they are answered under. */
type Asked = ReadonlyMap<string, AskedField>;

/** Collects fields as execution does: by the name they are answered under, where that is first met. */
function collect(
  { selections }: SelectionSetNode,
  fragments: Fragments,
  found: Map<string, SelectionSetNode[]>,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      const below = found.get(key) ?? [];
      if (selection.selectionSet) below.push(selection.selectionSet);
      found.set(key, below);
      continue;
    }
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (inner) collect(inner.selectionSet, fragments, found);
  }
}

function askedIn(sets: readonly SelectionSetNode[], fragments: Fragments): Asked {
  const found = new Map<string, SelectionSetNode[]>();
  for (const set of sets) collect(set, fragments, found);
  const asked = new Map<string, AskedField>();
  for (const [key, inner] of found)
    asked.set(key, { place: asked.size, below: inner.length === 0 ? null : askedIn(inner, fragments) });
  return asked;
}

function askedOf(document: DocumentNode, operationName: string | null | undefined): Asked | null {
  const operation = getOperationAST(document, operationName);
  if (!operation) return null;
  const fragments = document.definitions.filter(definition => definition.kind === Kind.FRAGMENT_DEFINITION);
  return askedIn([operation.selectionSet], new Map(fragments.map(one => [one.name.value, one])));
}

const sorted = (fields: Fields, asked: Asked): Fields =>
  Object.fromEntries([...asked.keys()].filter(key => key in fields).map(key => [key, fields[key]]));

/** Puts a value in order, at best in its place: this is done for every object of every answer. */
function inOrder(value: unknown, asked: Asked): unknown {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) value[index] = inOrder(value[index], asked);
    return value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Fields;
  let isInOrder = true;
  let last = -1;
  for (const key in fields) {
    const field = asked.get(key);
    if (field === undefined) return fields;
    if (field.place < last) isInOrder = false;
    last = field.place;
    const inner = fields[key];
    if (field.below === null || typeof inner !== 'object') continue;
    const ordered = inOrder(inner, field.below);
    if (ordered !== inner) fields[key] = ordered;
  }
  return isInOrder ? fields : sorted(fields, asked);
}

/**
 * Answers fields in the order in which they were asked for, as the GraphQL specification wants it (7.2.2). The executor
 * writes those that take longer, say because they are loaded, behind the others.
 */
export function useAnswerOrder(): Plugin {
  // Documents are parsed once, and so is what they ask for.
  const known = new WeakMap<DocumentNode, Map<string, Asked | null>>();

  function remembered(document: DocumentNode, operationName: string | null | undefined): Asked | null {
    const ofDocument = known.get(document) ?? new Map<string, Asked | null>();
    known.set(document, ofDocument);
    const name = operationName ?? '';
    const asked = ofDocument.get(name) ?? askedOf(document, operationName);
    ofDocument.set(name, asked);
    return asked;
  }

  const order = (
    { document, operationName }: { document: DocumentNode; operationName?: string | null | undefined },
    result: object,
  ) => {
    const asked = remembered(document, operationName);
    if (asked && 'data' in result) Object.assign(result, { data: inOrder(result.data, asked) });
  };

  return {
    onExecute: ({ args }) => ({ onExecuteDone: ({ result }) => order(args, result) }),
    onSubscribe: ({ args }) => ({
      onSubscribeResult: () => ({ onNext: ({ result }) => order(args, result) }),
    }),
  };
}
