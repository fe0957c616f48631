import { request } from '../api/request';
import { type Action, useAction } from '../api/useAction';
import {
  CancelOperationDocument,
  type OperationRowFragment,
  PauseOperationDocument,
  ResumeOperationDocument,
  SetOperationRateDocument,
} from '../generated/graphql';
import { refusalError } from '../runs/act/operationRefusal';
import { announce } from '../ui/announce';
import { statusLooks } from './operationStatus';

/** The commands that are given to an operation. */
export type Command =
  | { readonly name: 'pause' | 'resume' | 'cancel' }
  | { readonly name: 'rate'; readonly runsPerSecond: number | null };

const send = (id: string, command: Command) => {
  switch (command.name) {
    case 'pause':
      return request(PauseOperationDocument, { id });
    case 'resume':
      return request(ResumeOperationDocument, { id });
    case 'cancel':
      return request(CancelOperationDocument, { id });
    case 'rate':
      return request(SetOperationRateDocument, { id, runsPerSecond: command.runsPerSecond });
  }
};

/** Gives commands to an operation, and reports what became of it. */
export function useSteering(
  id: string,
  onChange: (operation: OperationRowFragment) => void,
): Action<[command: Command]> {
  return useAction(async (command: Command) => {
    const { result } = await send(id, command);
    if (result.__typename === 'BulkOperationRefused') throw refusalError(result);
    onChange(result);
    announce(`The operation is ${statusLooks[result.status][1].toLowerCase()}.`);
  });
}
