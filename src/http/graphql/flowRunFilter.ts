import { flowRunFilter } from '../../domain/flowRunFilter';
import { inputType } from './fieldGroup';

/** The filter of flow runs in the whole API, with the types of its groups. */
export const FlowRunFilter = inputType('FlowRunFilter', flowRunFilter);
