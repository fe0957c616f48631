import { SwitchyardError } from '../domain/errors';

/** Counts the bytes that one request loads for its response. */
export interface ResponseBudget {
  /** @throws SwitchyardError (BAD_USER_INPUT) where the response would have more bytes than it may. */
  spend(bytes: number): void;
}

/** Makes the budget of one request: bytes of the states, large parameters and other JSON that it reads. */
export function createResponseBudget(maxBytes: number): ResponseBudget {
  let spent = 0;
  return {
    spend(bytes) {
      spent += bytes;
      if (spent > maxBytes)
        throw new SwitchyardError(
          'BAD_USER_INPUT',
          `The states, parameters and other JSON of the response have ${spent} bytes, and a response may have at most ${maxBytes}. Ask for a smaller page, or for fewer runs.`,
        );
    },
  };
}
