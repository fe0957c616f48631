import { type HeldBy, ids, text, texts } from './fields';
import { holds, isExactly, isNone, isOne, operator } from './filterFields';

/** The filter of flows. */
export const flowFilter = {
  typeName: 'FlowFilter',
  description:
    'Which flows. A condition that is absent or empty is ignored; if none is left, every flow matches.',
  fields: {
    operator: operator('How the conditions are combined.'),
    id: { description: 'By id.', fields: { any: ids(isOne), notAny: ids(isNone) } },
    name: { description: 'By name.', fields: { any: texts(isExactly), like: text(holds) } },
  },
};

/** Which flows: a condition that is absent, null or empty in `notAny` is ignored. Ids are lower case. */
export type FlowFilter = HeldBy<typeof flowFilter>;
