import { type HeldBy, ids, text, texts } from './fields';
import { holds, isExactly, isNone, isOne, operator } from './filterFields';
import { flowFilter } from './flowFilter';

/** The filter of deployments. */
export const deploymentFilter = {
  typeName: 'DeploymentFilter',
  description:
    'Which deployments. A condition that is absent or empty is ignored; if none is left, every deployment matches.',
  fields: {
    operator: operator('How the conditions are combined.'),
    id: { description: 'By id.', fields: { any: ids(isOne), notAny: ids(isNone) } },
    name: { description: 'By name.', fields: { any: texts(isExactly), like: text(holds) } },
    flow: { ...flowFilter, role: 'The flow of the deployment matches.' },
  },
};

/** Which deployments: a condition that is absent, null or empty in `notAny` is ignored. Ids are lower case. */
export type DeploymentFilter = HeldBy<typeof deploymentFilter>;
