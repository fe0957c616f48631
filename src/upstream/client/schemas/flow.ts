import { z } from 'zod';
import type { Flow } from '../../../domain/flowRun';
import type { FlowId } from '../../../domain/identifiers';
import { idOf, instant } from './values';

/** A flow. */
export const wireFlow = z
  .object({ id: idOf<FlowId>(), name: z.string(), created: instant, updated: instant })
  .transform((flow): Flow => flow);
