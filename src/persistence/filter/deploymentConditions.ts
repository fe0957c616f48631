import type { DeploymentFilter } from '../../domain/deploymentFilter';
import { loweredText } from '../entities/lowered';
import { conditionsOf } from './applyConditions';
import { flowConditions } from './flowConditions';
import { type Condition, contains, isAny, isNotAny } from './operators';
import { refersTo } from './refersTo';

const table = {
  any: isAny('deployment.id'),
  notAny: isNotAny('deployment.id'),
  name: isAny('deployment.name'),
  like: contains(loweredText('deployment.name', 'deployment.name_lowered')),
  flow: refersTo('deployment.flow_id', 'flow', flowConditions),
};

/** The conditions of a filter on the table or alias `deployment`, flat as those of flows; null: none. */
export const deploymentConditions = ({ id, name, flow, operator }: DeploymentFilter): Condition | null =>
  conditionsOf({ ...id, name: name?.any, like: name?.like, flow, operator }, table);
