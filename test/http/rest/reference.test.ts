import { z } from 'zod';
import { createRest } from '../../../src/http/rest';
import { createBodies } from '../../../src/http/rest/bodies';
import type { Services } from '../../../src/transitions/services';
import { differences } from './differences';
import reference from './reference.json';

// Settings as they are by default, but a longest list that no other bound has.
const limits = { maxListLength: 10_000, maxPageSize: 200, requestTimeoutSeconds: 30 };
const bodies = createBodies(limits);

const bodyOf: Readonly<Record<string, z.ZodType>> = {
  'POST /flows/': bodies.flow,
  'POST /flows/filter': bodies.findFlows,
  'POST /deployments/': bodies.deployment,
  'POST /task_runs/': bodies.taskRun,
  'POST /flow_runs/': bodies.flowRun,
  'POST /flow_runs/bulk_delete': bodies.bulkDelete,
  'POST /flow_runs/count': bodies.findFlowRuns,
  'POST /flow_runs/filter': bodies.findFlowRuns,
  'POST /flow_runs/bulk_set_state': bodies.bulkSetState,
  'POST /flow_runs/{id}/set_state': bodies.setState,
  'POST /v2/concurrency_limits/leases/{lease_id}/renew': bodies.renew,
};

/** What is compared of a value, as the reference's document or ours has it. */
interface Fact {
  model?: string;
  type?: string | readonly string[];
  enum?: readonly unknown[];
  default?: unknown;
  anyOf?: readonly Fact[];
  items?: Fact;
  properties?: Readonly<Record<string, Fact>>;
  required?: readonly string[];
  additionalProperties?: unknown;
  [bound: string]: unknown;
}

interface Model {
  enum?: readonly string[];
  forbidsUnknown?: boolean;
  required?: readonly string[];
  fields?: Readonly<Record<string, Fact>>;
}

const models = reference.models as Readonly<Record<string, Model>>;
const bounds = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'maxItems',
] as const;

const typesIn = ({ type }: Fact): readonly string[] =>
  type === undefined || typeof type === 'string' ? [type ?? ''].filter(Boolean) : type;
const alternatives = (fact: Fact): readonly Fact[] => fact.anyOf?.flatMap(alternatives) ?? [fact];
const isNullable = (fact: Fact): boolean => alternatives(fact).some(one => typesIn(one).includes('null'));
const withoutNull = (fact: Fact): readonly Fact[] =>
  alternatives(fact).filter(one => typesIn(one).some(type => type !== 'null') || typesIn(one).length === 0);
const typesOf = (fact: Fact): Set<string> =>
  new Set(
    withoutNull(fact)
      .flatMap(typesIn)
      .filter(type => type !== 'null'),
  );

/** What our values have to be, and those of the reference do not. */
function boundsOf(at: string, theirs: Fact, ours: Fact): string[] {
  return bounds.flatMap(bound => {
    const [here, there] = [ours, theirs].map(
      fact => withoutNull(fact).find(one => one[bound] !== undefined)?.[bound],
    );
    // A whole number that JavaScript has exactly; and a list that the setting bounds.
    const isOfAll = Math.abs(Number(here)) === Number.MAX_SAFE_INTEGER || here === limits.maxListLength;
    return here === undefined || here === there || isOfAll ? [] : [`${at}: ${bound} ${String(here)}`];
  });
}

function differencesOfField(at: string, theirs: Fact, ours: Fact): string[] {
  const found = boundsOf(at, theirs, ours);
  if (isNullable(theirs) && !isNullable(ours) && typesOf(ours).size > 0) found.push(`${at}: null`);
  if ('default' in ours && 'default' in theirs && ours.default !== theirs.default)
    found.push(`${at}: default ${String(ours.default)}`);
  for (const one of withoutNull(theirs)) {
    const model = one.model === undefined ? undefined : models[one.model];
    if (model?.enum) {
      const names = withoutNull(ours).flatMap(({ enum: accepted = [] }) => accepted);
      if (names.join() !== model.enum.join()) found.push(`${at}: values ${names.join()}`);
    } else if (model?.fields) {
      const inner = withoutNull(ours).find(({ properties }) => properties);
      found.push(...(inner ? differencesOfModel(at, model, inner) : [`${at}: nothing but null`]));
    } else if (one.items) {
      const inner = withoutNull(ours).find(({ items }) => items)?.items;
      found.push(...(inner ? differencesOfField(`${at}[]`, one.items, inner) : [`${at}: no list`]));
    } else if (withoutNull(ours).length === 0) found.push(`${at}: nothing but null`);
    else {
      const accepted = typesOf(ours);
      const missing = typesIn(one).filter(type => type !== 'null' && !accepted.has(type));
      if (accepted.size > 0 && !accepted.has('number'))
        found.push(...missing.map(type => `${at}: no ${type}`));
    }
  }
  return found;
}

function differencesOfModel(
  at: string,
  theirs: Model,
  ours: Fact,
  missing: readonly string[] = ours.required ?? [],
): string[] {
  const { fields = {}, required = [] } = theirs;
  const accepted = ours.properties ?? {};
  const forbids = ours.additionalProperties === false;
  return [
    ...(forbids && !theirs.forbidsUnknown ? [`${at}: rejects unknown fields`] : []),
    ...(!forbids && theirs.forbidsUnknown ? [`${at}: ignores unknown fields`] : []),
    ...Object.keys(accepted)
      .filter(name => !(name in fields))
      .map(name => `${at}.${name}: only here`),
    ...Object.entries(fields).flatMap(([name, field]) => {
      const own = accepted[name];
      const place = `${at}.${name}`;
      if (own === undefined) return [`${place}: not accepted`];
      const isRequired = missing.includes(name);
      return [
        ...(isRequired === required.includes(name)
          ? []
          : [`${place}: ${isRequired ? 'required' : 'optional'}`]),
        ...differencesOfField(place, field, own),
      ];
    }),
  ];
}

const jsonSchemaOf = (body: z.ZodType): Fact =>
  z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as unknown as Fact;

test('all REST calls are compared with the reference', () => {
  const { routes } = createRest({} as Services, limits);
  // The document about the calls is ours.
  const served = routes.filter(({ method, path }) => method !== 'ALL' && path !== '/api/openapi.json');
  const plain = (route: string) => route.replace(/\{\w+\}/g, ':id').replace(/\/$/, '');

  expect(Object.keys(reference.routes).map(plain).sort()).toEqual(
    [...new Set(served.map(({ method, path }) => `${method} ${path.replace('/api', '')}`))].sort(),
  );
});

test('every field of the reference is accepted with its type, bounds and default, or listed as different', () => {
  const found = Object.entries(reference.routes as Record<string, { body?: Fact }>).flatMap(
    ([route, { body }]) => {
      const ours = bodyOf[route];
      if ((body === undefined) !== (ours === undefined)) return [`${route}: body`];
      if (!body || !ours) return [];
      // What is read before it is checked counts as optional in its JSON schema.
      const missing = ours.safeParse({}).error?.issues.map(({ path }) => String(path[0])) ?? [];
      return differencesOfModel(route, models[body.model ?? ''] ?? {}, jsonSchemaOf(ours), missing);
    },
  );
  const unlisted = found.filter(one => !differences.some(([pattern]) => pattern.test(one)));

  expect(unlisted).toEqual([]);
  for (const [pattern] of differences) expect(found.filter(one => pattern.test(one))).not.toEqual([]);
});
