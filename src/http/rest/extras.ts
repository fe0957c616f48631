import type { Extras } from '../../domain/extras';
import type { Json } from '../../domain/json';

/** A body that holds some of these fields. */
type Holding<Name extends string> = { readonly [Field in Name]?: Json | undefined };

/** Those of these fields that a body has: to change what there is, null and empty included. */
export const sentFields = <Name extends string>(body: Holding<Name>, names: readonly Name[]): Extras =>
  Object.fromEntries(
    names.flatMap(name => {
      const value = body[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const isEmpty = (value: Json): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** Those of these fields that are neither null nor empty: in something new, null and empty are the defaults. */
export const nonEmptyFields = <Name extends string>(body: Holding<Name>, names: readonly Name[]): Extras =>
  Object.fromEntries(Object.entries(sentFields(body, names)).filter(([, value]) => !isEmpty(value)));

export const flowExtras = ['tags', 'labels'] as const;

/** Schedules are not among them: nothing here would make runs of them. */
export const deploymentExtras = [
  'version',
  'description',
  'path',
  'entrypoint',
  'paused',
  'tags',
  'labels',
  'parameters',
  'parameter_openapi_schema',
  'enforce_parameter_schema',
  'pull_steps',
  'job_variables',
  'work_pool_name',
  'work_queue_name',
  'storage_document_id',
  'infrastructure_document_id',
] as const;

export const flowRunExtras = [
  'context',
  'labels',
  'job_variables',
  'work_pool_name',
  'infrastructure_document_id',
] as const;

export const taskRunExtras = [
  'cache_key',
  'cache_expiration',
  'task_version',
  'empirical_policy',
  'tags',
  'labels',
  'task_inputs',
] as const;
