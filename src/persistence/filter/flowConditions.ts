import type { FlowFilter } from '../../domain/flowFilter';
import { loweredText } from '../entities/lowered';
import { conditionsOf } from './applyConditions';
import { type Condition, contains, isAny, isNotAny } from './operators';

const table = {
  any: isAny('flow.id'),
  notAny: isNotAny('flow.id'),
  name: isAny('flow.name'),
  like: contains(loweredText('flow.name', 'flow.name_lowered')),
};

/**
 * The conditions of a filter on the table or alias `flow`; null: none. They are flat, because `operator` stands between the
 * conditions of one group too.
 */
export const flowConditions = ({ id, name, operator }: FlowFilter): Condition | null =>
  conditionsOf({ ...id, name: name?.any, like: name?.like, operator }, table);
