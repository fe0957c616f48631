import type { MiddlewareHandler } from 'hono';

/** The oldest supported version of the API, as in Prefect. */
const oldest = [0, 8, 0] as const;

const parsed = (version: string): readonly number[] | null =>
  /^\d+\.\d+\.\d+$/.test(version) ? version.split('.').map(Number) : null;

const isOlder = (version: readonly number[]): boolean => {
  const differs = oldest.findIndex((part, index) => part !== version[index]);
  return differs >= 0 && (version[differs] ?? 0) < (oldest[differs] ?? 0);
};

/** Rejects calls with an invalid or too old `x-prefect-api-version` with 400, as Prefect does. */
export const checkApiVersion: MiddlewareHandler = async (context, next) => {
  const version = context.req.header('x-prefect-api-version');
  if (!version) return next();
  const parts = parsed(version);
  if (parts === null)
    return context.json({ detail: `x-prefect-api-version must be like 0.8.4, and is ${version}.` }, 400);
  if (isOlder(parts))
    return context.json(
      { detail: `x-prefect-api-version must be ${oldest.join('.')} or later, and is ${version}.` },
      400,
    );
  return next();
};
