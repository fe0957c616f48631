/** An input value before it is written as JSON or as a GraphQL literal. */
export type Value =
  /** A number, a boolean or null: the same text in both languages, however odd. */
  | { readonly kind: 'token'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  /** An enum value: a name in GraphQL, a string in JSON. */
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'object'; readonly fields: readonly Field[] };

/** One field of an object; names may repeat, and may be no names at all. */
export type Field = readonly [name: string, value: Value];

/** Writes a value as JSON. */
export function toJson(value: Value): string {
  switch (value.kind) {
    case 'token':
      return value.text;
    case 'text':
    case 'name':
      return JSON.stringify(value.text);
    case 'list':
      return `[${value.items.map(toJson).join(',')}]`;
    case 'object':
      return `{${value.fields.map(([name, inner]) => `${JSON.stringify(name)}:${toJson(inner)}`).join(',')}}`;
  }
}

/** Writes a value as a GraphQL literal. A field name that GraphQL cannot write makes the document malformed. */
export function toLiteral(value: Value): string {
  switch (value.kind) {
    case 'token':
    case 'name':
      return value.text;
    case 'text':
      return JSON.stringify(value.text);
    case 'list':
      return `[${value.items.map(toLiteral).join(' ')}]`;
    case 'object':
      return `{${value.fields.map(([name, inner]) => `${name}: ${toLiteral(inner)}`).join(' ')}}`;
  }
}
