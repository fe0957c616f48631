import { z } from 'zod';
import { ExactNumber } from '../../domain/exactNumber';
import { isJsonObject } from '../../domain/json';
import { hasExactNumbers } from './jsonFields';

/**
 * The value with JavaScript's numbers wherever its schema does not store them as they were written. Changes lists and
 * objects in their places: they were made for this request.
 */
export function plainNumbers(value: unknown, schema: z.core.$ZodType): unknown {
  if (hasExactNumbers(schema)) return value;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return plainNumbers(value, schema.def.innerType);
  if (schema instanceof z.ZodPipe) return plainNumbers(plainNumbers(value, schema.def.in), schema.def.out);
  // The schema that these lead to decides.
  if (schema instanceof z.ZodTransform || schema instanceof z.ZodUnknown) return value;
  if (schema instanceof z.ZodUnion) {
    if (value instanceof ExactNumber && schema.def.options.some(hasExactNumbers)) return value;
    return schema.def.options.reduce<unknown>(plainNumbers, value);
  }
  if (value instanceof ExactNumber) return value.value;
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    for (const [index, item] of value.entries()) value[index] = plainNumbers(item, schema.def.element);
  } else if (schema instanceof z.ZodObject && isJsonObject(value)) {
    const shape = schema.def.shape as Readonly<Record<string, z.core.$ZodType>>;
    for (const [name, inner] of Object.entries(shape))
      if (Object.hasOwn(value, name)) Reflect.set(value, name, plainNumbers(value[name], inner));
  }
  return value;
}
