import type { Context as HonoContext } from 'hono';
import type { z } from 'zod';
import { type InputIssue, maxNamedIssues, moreIssues, shortIssue } from '../../domain/errors';
import { type ReadBody, readJsonBody } from '../readJsonBody';
import { plainNumbers } from './plainNumbers';
import { type Problem, UnusableRequest } from './unusableRequest';

type Issue = z.core.$ZodIssue;

/** How the reference's framework calls what is of the wrong type. */
const typeNames: Readonly<Record<string, string>> = {
  array: 'list_type',
  boolean: 'bool_type',
  int: 'int_type',
  number: 'float_type',
  object: 'model_attributes_type',
  record: 'dict_type',
  string: 'string_type',
};

const formatNames: Readonly<Record<string, string>> = {
  guid: 'uuid_parsing',
  regex: 'string_pattern_mismatch',
};

const sizeNames: Readonly<Record<string, readonly [tooSmall: string, tooBig: string]>> = {
  array: ['too_short', 'too_long'],
  string: ['string_too_short', 'string_too_long'],
};

function kindOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? 'value_error';
    case 'too_small':
      return sizeNames[issue.origin]?.[0] ?? (issue.inclusive ? 'greater_than_equal' : 'greater_than');
    case 'too_big':
      return sizeNames[issue.origin]?.[1] ?? 'less_than_equal';
    case 'invalid_value':
      return 'enum';
    case 'invalid_format':
      return formatNames[issue.format] ?? 'value_error';
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return 'value_error';
  }
}

const isAbsent = (value: unknown, path: readonly PropertyKey[]): boolean => {
  let inner = value;
  for (const part of path) {
    if (typeof inner !== 'object' || inner === null) return true;
    inner = Reflect.get(inner, part);
  }
  return inner === undefined;
};

const problemsOf = (start: Problem['loc'], value: unknown, issue: Issue): Problem[] => {
  const names = issue.path.map(part => (typeof part === 'number' ? part : String(part)));
  const loc: Problem['loc'] = [...start, ...names];
  if (issue.code === 'unrecognized_keys') {
    const named = issue.keys.slice(0, maxNamedIssues + 1);
    return named.map(key => ({ loc: [...loc, key], msg: 'is not known here', type: 'extra_forbidden' }));
  }
  if (isAbsent(value, issue.path)) return [{ loc, msg: 'is required', type: 'missing' }];
  return [{ loc, msg: issue.message, type: kindOf(issue) }];
};

const shortProblem = ({ loc: [part, ...path], msg, type }: Problem): Problem => {
  const short = shortIssue({ path, message: msg });
  return { loc: [part, ...short.path], msg: short.message, type };
};

/** The first problems by name, and how many more there are: a response must not grow with its request. */
function namedProblems(start: Problem['loc'], value: unknown, { issues }: z.ZodError): Problem[] {
  const count = issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1),
    0,
  );
  const named = issues
    .slice(0, maxNamedIssues)
    .flatMap(issue => problemsOf(start, value, issue))
    .slice(0, maxNamedIssues)
    .map(shortProblem);
  const more = moreIssues(count);
  return more === '' ? named : [...named, { loc: start, msg: `has ${more} problems`, type: 'value_error' }];
}

function check<Schema extends z.ZodType>(
  start: Problem['loc'],
  value: unknown,
  schema: Schema,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw new UnusableRequest(namedProblems(start, value, result.error));
  return result.data;
}

const unusable = (path: InputIssue['path'], msg: string, type: string): UnusableRequest =>
  new UnusableRequest([shortProblem({ loc: ['body', ...path], msg, type })]);

function valueOf(result: ReadBody): unknown {
  switch (result.kind) {
    case 'value':
      return result.value;
    case 'empty':
      return {};
    case 'incomplete':
      throw unusable([], 'did not arrive in full', 'json_invalid');
    case 'notUtf8':
      throw unusable([], 'is not UTF-8', 'json_invalid');
    case 'notJson':
      throw unusable([], 'is not JSON', 'json_invalid');
    case 'fault':
      throw unusable(result.fault.path, result.fault.message, 'value_error');
  }
}

/** The body of a request, checked; none at all is an empty object. */
export async function readBody<Schema extends z.ZodType>(
  context: HonoContext,
  schema: Schema,
): Promise<z.output<Schema>> {
  const body = valueOf(await readJsonBody(context.req, 1));
  return check(['body'], plainNumbers(body, schema), schema);
}

/** A value from the path, checked. */
export const readPathParameter = <Schema extends z.ZodType>(
  context: HonoContext,
  name: string,
  schema: Schema,
): z.output<Schema> => check(['path', name], context.req.param(name), schema);

/** A value from the query, checked. */
export const readQueryParameter = <Schema extends z.ZodType>(
  context: HonoContext,
  name: string,
  schema: Schema,
): z.output<Schema> => check(['query', name], context.req.query(name), schema);
