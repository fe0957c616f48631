import { WebSocket } from 'ws';
import { badUserInput } from '../domain/errors';
import { markNumbers, restoreNumbers, withExactNumbers } from '../domain/jsonText';
import { findInvalidText, maxInputValues } from '../domain/textIntegrity';
import { closeCodes } from './socketTransport';

type Data = Parameters<WebSocket['send']>[0];
type Options = Parameters<WebSocket['send']>[1];
type Done = (error?: Error) => void;

/** A message of graphql-ws, its payload and the variables in it lie around the values. */
const outerDepth = 3;

/**
 * A WebSocket whose JSON messages lose no digits of a number: graphql-ws reads and prints them with `JSON`. What is read has
 * marked texts in the places of such numbers, for `restoreNumbers`; what is sent has the numbers again.
 */
export class ExactSocket extends WebSocket {
  override send(data: Data, options?: Options | Done, done?: Done): void {
    const exact = typeof data === 'string' ? withExactNumbers(data) : data;
    if (typeof options === 'object') super.send(exact, options, done);
    else super.send(exact, options);
  }

  override emit(event: string | symbol, ...received: unknown[]): boolean {
    const [data, isBinary] = received;
    if (event !== 'message' || isBinary === true || !Buffer.isBuffer(data))
      return super.emit(event, ...received);
    const text = data.toString();
    const marked = markNumbers(text, outerDepth);
    if (marked === null) {
      this.close(closeCodes.messageTooBig, `A message must have at most ${maxInputValues} values`);
      return true;
    }
    return super.emit(event, marked === text ? data : Buffer.from(marked), isBinary);
  }
}

/**
 * The variables of a message of an `ExactSocket`, with their numbers, in the object itself.
 *
 * @throws SwitchyardError BAD_USER_INPUT where they hold what could not be stored as it is.
 */
export function exactVariables<Variables extends object | null | undefined>(variables: Variables): Variables {
  restoreNumbers(variables);
  const fault = findInvalidText(variables, 1);
  if (fault !== null) throw badUserInput([fault]);
  return variables;
}
