import { badUserInput } from '../domain/errors';
import type { Services } from './services';

/**
 * Checks that flows, deployments and runs can be created and changed here. Every use case that does so calls it first.
 *
 * @throws SwitchyardError BAD_USER_INPUT where the executor carries out no such changes.
 */
export function checkChanges({ executor: { refusalOfChanges } }: Pick<Services, 'executor'>): void {
  if (refusalOfChanges !== null) throw badUserInput([{ path: ['input'], message: refusalOfChanges }]);
}
