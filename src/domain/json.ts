import { ExactNumber } from './exactNumber';

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Any JSON value. */
export type Json = null | boolean | number | ExactNumber | string | readonly Json[] | JsonObject;

/** Whether a JSON value is an object. A list and an ExactNumber are none. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);

/** Returns a value that is an object; else an empty object. */
export const objectIn = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
