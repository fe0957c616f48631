import { flowRunFilter } from '../../domain/flowRunFilter';
import { inputType } from './fieldGroup';

/** Which runs: the one filter of the whole API, with the types of its groups. */
export const FlowRunFilter = inputType('FlowRunFilter', flowRunFilter);
