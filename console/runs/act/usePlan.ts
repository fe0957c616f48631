import { useState } from 'preact/hooks';
import type { Problem } from '../../api/problem';
import { request } from '../../api/request';
import { type Action, useAction } from '../../api/useAction';
import { useSubscription } from '../../api/useSubscription';
import {
  type BulkOperationInput,
  type PlanFragment,
  PlanOperationDocument,
  PlanProgressDocument,
} from '../../generated/graphql';
import { refusalError } from './operationRefusal';
import { startPlan } from './startPlan';

/** A plan and what can be done with it. */
export interface Plan {
  readonly plan: PlanFragment | null;
  /** Why its progress is not known. */
  readonly problem: Problem | undefined;
  /** The operation that was started. */
  readonly startedId: string | null;
  readonly make: Action<[input: BulkOperationInput]>;
  readonly start: Action<[expectedCount: number]>;
  /** Forgets it: it expires by itself. */
  drop(): void;
}

/** Makes a plan, follows it until it is ready, and starts it. */
export function usePlan(): Plan {
  const [plan, setPlan] = useState<PlanFragment | null>(null);
  const [startedId, setStartedId] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem>();

  useSubscription(PlanProgressDocument, plan?.status === 'PLANNING' ? { id: plan.id } : null, {
    next({ bulkOperationProgress }) {
      setProblem(undefined);
      // It may have been dropped since.
      setPlan(before => (before?.id === bulkOperationProgress.id ? bulkOperationProgress : before));
    },
    failed: setProblem,
  });

  const make = useAction(async (input: BulkOperationInput) => {
    setPlan(null);
    setProblem(undefined);
    setStartedId(null);
    const { planBulkOperation } = await request(PlanOperationDocument, { input });
    if (planBulkOperation.__typename === 'BulkOperationRefused') throw refusalError(planBulkOperation);
    setPlan(planBulkOperation);
  });

  const start = useAction(async (expectedCount: number) => {
    if (plan === null) return;
    await startPlan(plan.id, expectedCount);
    setStartedId(plan.id);
  });

  return {
    plan,
    problem,
    startedId,
    make,
    start,
    drop() {
      setPlan(null);
      setProblem(undefined);
      make.reset();
      start.reset();
    },
  };
}
