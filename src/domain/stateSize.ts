import { badUserInput } from './errors';
import type { StateProposal } from './state';

/** Characters of states that one transaction writes at most: each run stores its state. */
const maxCharactersTogether = 8_000_000;

/** The characters that a proposed state has in each run that it is written to. */
export const charactersOf = ({ message, data, stateDetails }: StateProposal): number =>
  (message?.length ?? 0) +
  (data === undefined ? 0 : JSON.stringify(data).length) +
  (stateDetails === undefined ? 0 : JSON.stringify(stateDetails).length);

/** How many runs one transaction may move into a state: fewer, the larger it is; 1 at least. */
export const maxRunsTogether = (proposal: StateProposal): number =>
  Math.max(1, Math.floor(maxCharactersTogether / Math.max(1, charactersOf(proposal))));

/** @throws SwitchyardError BAD_USER_INPUT where a state is too large to be written to so many runs at once. */
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
