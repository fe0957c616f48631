import { GatewayError } from '../../api/problem';
import type { BulkOperationRefusal } from '../../generated/graphql';

/** A refusal of a bulk operation as it arrives. */
interface Refused {
  readonly code: BulkOperationRefusal;
  readonly message: string;
}

/** What to do about a refusal. */
export const refusalAdvice: Partial<Record<string, string>> = {
  PLAN_EXPIRED: 'Nothing was moved. Plan again, and start the new plan in time.',
  UNEXPECTED_COUNT: 'Nothing was moved. Check the number, or plan again.',
  NOT_PLANNED: 'Nothing was moved by this click. Its page shows its status.',
  NOT_FOUND: 'Plan again.',
  EMPTY_FILTER: 'Set a filter, or select all runs on purpose.',
  NOTHING_TO_DO: 'Choose other runs.',
  ALREADY_ENDED: 'Its page shows how it ended.',
};

/** A refusal as a problem, to be shown beside the button. */
export const refusalError = ({ code, message }: Refused): GatewayError =>
  new GatewayError({ code, message, issues: [] });
