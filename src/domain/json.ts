import { ExactNumber } from './exactNumber';

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Any JSON value. */
export type Json = null | boolean | number | ExactNumber | string | readonly Json[] | JsonObject;

/** Whether a JSON value is an object: no list, and no number that is held by its text. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);

/** The object that a value is; an empty one where it is none. */
export const objectIn = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
