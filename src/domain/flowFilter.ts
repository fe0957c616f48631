import { type HeldBy, ids, texts } from './fields';
import { operator } from './flowRunFilter';

/** The filter of flows. */
export const flowFilter = {
  description: 'Which flows.',
  fields: {
    operator: operator('How the groups come together.'),
    id: { description: 'By id.', fields: { any: ids('Is one of these.'), notAny: ids('Is none of these.') } },
    name: { description: 'By name.', fields: { any: texts('Is exactly one of these.') } },
  },
};

/** Which flows: a condition that is absent, null or empty in `notAny` is ignored. Ids are lower case. */
export type FlowFilter = HeldBy<typeof flowFilter>;
