import { WebSocket } from 'ws';
import { badUserInput } from '../../domain/errors';
import { markNumbers, restoreNumbers, withExactNumbers } from '../../domain/jsonText';
import { findInvalidText, maxInputValues } from '../../domain/textIntegrity';
import { closeCodes } from './socketTransport';

type Data = Parameters<WebSocket['send']>[0];
type Options = Parameters<WebSocket['send']>[1];
type Done = (error?: Error) => void;

/** A graphql-ws message, its payload and its variables enclose the values. */
const outerDepth = 3;

/**
 * A WebSocket that preserves all digits of numbers in JSON messages, which graphql-ws parses and prints with `JSON`.
 * Received messages have marked texts in place of such numbers, for `restoreNumbers`; sent messages have the numbers
 * again.
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
 * Restores the numbers in the variables of a message of an `ExactSocket`, in place.
 *
 * @throws SwitchyardError BAD_USER_INPUT for values that cannot be stored.
 */
export function exactVariables<Variables extends object | null | undefined>(variables: Variables): Variables {
  restoreNumbers(variables);
  const fault = findInvalidText(variables, 1);
  if (fault !== null) throw badUserInput([fault]);
  return variables;
}
