import { SwitchyardError } from '../domain/errors';

/** Counts the bytes that a request loads for its response. */
export interface ResponseBudget {
  /** @throws SwitchyardError BAD_USER_INPUT if the response becomes too large. */
  spend(bytes: number): void;
}

/** Creates the budget of one request for the bytes of states, large parameters and other JSON. */
export function createResponseBudget(maxBytes: number): ResponseBudget {
  let spent = 0;
  return {
    spend(bytes) {
      spent += bytes;
      if (spent > maxBytes)
        throw new SwitchyardError(
          'BAD_USER_INPUT',
          `The states, parameters and other JSON of the response have ${spent} bytes, and a response may have at most ${maxBytes}. Request a smaller page, or fewer runs.`,
        );
    },
  };
}
