import { z } from 'zod';
import { type Instant, isInstant } from './instant';
import type { Json } from './json';

/** What a field holds. GraphQL and REST each have their own way to write a kind, and both have a way for every kind. */
export type FieldKind =
  | 'flag'
  | 'id'
  | 'ids'
  | 'instant'
  | 'operator'
  | 'stateTypes'
  | 'text'
  | 'texts'
  | 'textsByName';

/** A field of the API, defined once for GraphQL and REST. */
export interface Field<Value = unknown> {
  readonly kind: FieldKind;
  /** What a value must be, however it was written. */
  readonly schema: z.ZodType<Value>;
  /** Its description in the GraphQL schema. */
  readonly description: string;
  /** The value that an input has where none is sent. */
  readonly byDefault?: Value;
  /** What is shown where a stored value is absent; absent: null. */
  readonly whenAbsent?: Value;
}

/** Fields that belong together: an input type of the GraphQL schema, an object of a REST body. */
export interface FieldGroup<Fields extends FieldsByName = FieldsByName> {
  readonly description: string;
  readonly fields: Fields;
  /** How the group that holds this one describes it; absent: as it describes itself. */
  readonly role?: string;
  /** The name of its GraphQL type where several groups hold it; absent: its path. */
  readonly typeName?: string;
}

/** Fields and groups of fields by their names. */
export interface FieldsByName {
  readonly [name: string]: Field | FieldGroup;
}

type Immutable<Value> = Value extends (infer Item)[] ? readonly Item[] : Value;

/** What a field, or a group of fields, holds. */
export type HeldBy<Held> =
  Held extends Field<infer Value>
    ? Immutable<Value>
    : Held extends FieldGroup<infer Fields>
      ? { [Name in keyof Fields]?: HeldBy<Fields[Name]> | null | undefined }
      : never;

/** An id as a UUID of any version. Each door turns it into lower case. */
export const uuid = z.guid('is not a UUID');

const fieldOf =
  <Value>(kind: FieldKind, schema: z.ZodType<Value>) =>
  (description: string): Field<Value> => ({ kind, schema, description });

/** True or false. */
export const flag = fieldOf('flag', z.boolean());
/** Ids of one noun. */
export const ids = fieldOf('ids', z.array(uuid));
/** A point in time. */
export const instant = fieldOf(
  'instant',
  z.custom<Instant>(value => typeof value === 'string' && isInstant(value)),
);
/** Any text. */
export const text = fieldOf('text', z.string());
/** Any texts. */
export const texts = fieldOf('texts', z.array(z.string()));
/** Texts by their names, in a JSON object. GraphQL accepts any JSON there. */
export const textsByName = fieldOf('textsByName', z.custom<Json>());
/** The id of one noun. */
export const id = <Id extends string>(description: string): Field<Id> =>
  fieldOf('id', uuid as z.ZodType as z.ZodType<Id>)(description);
