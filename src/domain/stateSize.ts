import { badUserInput } from './errors';
import type { StateProposal } from './state';

/** The maximum number of characters of states that one transaction writes. Each run stores its own copy. */
const maxCharactersTogether = 8_000_000;

/** The number of characters that a proposed state takes in each run. */
const charactersOf = ({ message, data, stateDetails }: StateProposal): number =>
  (message?.length ?? 0) +
  (data === undefined ? 0 : JSON.stringify(data).length) +
  (stateDetails === undefined ? 0 : JSON.stringify(stateDetails).length);

/** The number of runs that one transaction may move to a state, at least 1. A larger state allows fewer runs. */
export const maxRunsTogether = (proposal: StateProposal): number =>
  Math.max(1, Math.floor(maxCharactersTogether / Math.max(1, charactersOf(proposal))));

/**
 * Checks the size of a state.
 *
 * @throws SwitchyardError BAD_USER_INPUT if the state is too large for the number of runs.
 */
export function checkStateSize(proposal: StateProposal, runs: number): void {
  if (runs <= maxRunsTogether(proposal)) return;
  const most = Math.floor(maxCharactersTogether / runs);
  throw badUserInput([
    {
      path: ['input', 'state'],
      message:
        `message, data and stateDetails must have at most ${most} characters together for up to ${runs} runs ` +
        `(got ${charactersOf(proposal)}); set a smaller limit, or start a bulk operation`,
    },
  ]);
}
