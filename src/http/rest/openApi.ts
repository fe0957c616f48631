import { z } from 'zod';
import type { Json, JsonObject } from '../../domain/json';
import { idParameter } from './bodies';
import { referenceVersion } from './openRoutes';
import type { OpenRoute, ResponseType, Route } from './route';

type Row = Route | OpenRoute;

/** The JSON schema of what a client sends. */
function schemaOf(schema: z.ZodType): JsonObject {
  const { $schema: _, ...sent } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    // zod leaves out the defaults of what a schema transforms, but here they are those of the input.
    override({ zodSchema, jsonSchema }) {
      const value = z.globalRegistry.get(zodSchema)?.default;
      if (value !== undefined) jsonSchema.default = value as typeof jsonSchema.default;
    },
  });
  return JSON.parse(JSON.stringify(sent)) as JsonObject;
}

/** The JSON schema of a body. zod takes a field that is read before it is checked for optional, so the schema itself is asked. */
function bodySchemaOf(body: z.ZodType): JsonObject {
  const missing = body.safeParse({}).error?.issues.map(({ path }) => String(path[0])) ?? [];
  return { ...schemaOf(body), ...(missing.length > 0 && { required: missing }) };
}

const meanings: Readonly<Record<number, string>> = {
  200: 'The result, or an object that existed.',
  201: 'The object was created, or the state written.',
  204: 'Done.',
  400: 'x-prefect-api-version is no version, or too old.',
  401: 'There is no valid key or token.',
  403: 'The key or token lacks a scope.',
  404: 'There is nothing with this id, or a gateway that is attached to a Prefect server does not carry out this call.',
  409: 'An id in the body refers to nothing, or is taken.',
  410: 'It has ended.',
  413: 'The body has more than MAX_BODY_BYTES.',
  415: 'The body is not JSON.',
  422: 'A value is wrong: detail lists each with loc, msg and type. Nothing was written.',
  500: 'The gateway failed. The cause is in its log.',
  503: 'The database is not available. Try again later.',
  504: 'The call took longer than REQUEST_TIMEOUT_SECONDS. What it did not commit was rolled back.',
};

const isError = (status: number): boolean => status >= 400;

const content = (schema: JsonObject): JsonObject => ({ 'application/json': { schema } });

const responseOf = (status: number, type: ResponseType): JsonObject => ({
  description: meanings[status] ?? '',
  ...(type !== null && {
    content: content(isError(status) ? { $ref: '#/components/schemas/Error' } : { type }),
  }),
});

/** The statuses of errors that a call shares with others. */
const sharedErrors = ({ scope, body, query, needsOwnRuns }: Row): number[] => [
  400,
  ...(scope === null ? [] : [401, 403]),
  ...(needsOwnRuns ? [404] : []),
  ...(body === undefined ? [] : [413, 415]),
  ...(body === undefined && query === undefined ? [] : [422]),
  500,
  ...(scope === null ? [] : [503, 504]),
];

function responsesOf(row: Row): JsonObject {
  const errors = sharedErrors(row).map(status => [status, 'object'] as const);
  const own = Object.entries(row.responses).map(([status, type]) => [Number(status), type] as const);
  return Object.fromEntries([...own, ...errors].map(([status, type]) => [status, responseOf(status, type)]));
}

function parametersOf({ path, query }: Row): Json[] {
  const parameter = (name: string, place: 'path' | 'query'): Json => ({
    name,
    in: place,
    required: true,
    schema: schemaOf(idParameter),
  });
  return [
    ...[...path.matchAll(/:(\w+)/g)].map(([, name = '']) => parameter(name, 'path')),
    ...(query === undefined ? [] : [parameter(query, 'query')]),
  ];
}

function operationOf(row: Row): JsonObject {
  const parameters = parametersOf(row);
  return {
    summary: row.summary,
    ...(row.scope !== null && { description: `Needs the scope ${row.scope}.` }),
    security: row.scope === null ? [] : [{ bearer: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(row.body && { requestBody: { required: true, content: content(bodySchemaOf(row.body)) } }),
    responses: responsesOf(row),
  };
}

const errorSchema: JsonObject = {
  type: 'object',
  required: ['detail'],
  properties: {
    detail: {
      description: 'What is wrong: a text, or a list of the wrong values.',
      anyOf: [
        { type: 'string' },
        {
          type: 'array',
          items: {
            type: 'object',
            required: ['loc', 'msg', 'type'],
            properties: {
              loc: { type: 'array', items: { type: ['string', 'integer'] } },
              msg: { type: 'string' },
              type: { type: 'string' },
            },
          },
        },
      ],
    },
  },
};

const pathOf = ({ path }: Row): string => path.replace(/:(\w+)/g, '{$1}');

/** The OpenAPI 3.1 document of the REST calls, made of the table of routes and the schemas that check their bodies. */
export function createOpenApi(rows: readonly Row[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const row of rows) {
    const operations = (paths[pathOf(row)] ??= {});
    operations[row.method.toLowerCase()] = operationOf(row);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Switchyard',
      description: "The part of Prefect's REST API that creates runs, finds them and moves them.",
      version: referenceVersion,
    },
    servers: [{ url: '/api' }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: errorSchema },
    },
  };
}
