import { type Operation, outcomesOf, outcomeView } from './operation';
import { type OutputFormat, print, printOne, printRows, type View } from './output';

/** How operations are printed in a list. */
export const operationListView: View<Operation> = {
  columns: [
    { title: 'id', of: ({ id }) => id },
    { title: 'status', of: ({ status }) => status },
    { title: 'runs', of: ({ counts }) => counts.matched },
    { title: 'accepted', of: ({ counts }) => counts.accepted },
    { title: 'by', of: ({ actor }) => actor },
    { title: 'created', of: ({ created }) => created.replace(/\.\d+Z$/, 'Z') },
    { title: 'reason', of: ({ reason }) => reason },
  ],
  name: ({ id }) => id,
};

const operationView: View<Operation> = {
  columns: [
    { title: 'id', of: ({ id }) => id },
    {
      title: 'status',
      of: ({ status, pausedFor }) => (pausedFor === null ? status : `${status} (${pausedFor})`),
    },
    { title: 'reason', of: ({ reason }) => reason },
    { title: 'by', of: ({ actor }) => actor },
    { title: 'state', of: ({ state }) => state && `${state.type} (${state.name})` },
    { title: 'created', of: ({ created }) => created },
    { title: 'ended', of: ({ ended }) => ended },
    { title: 'runs', of: ({ counts }) => counts.matched },
    { title: 'pending', of: ({ counts }) => counts.pending },
    { title: 'accepted', of: ({ counts }) => counts.accepted },
    { title: 'rejected', of: ({ counts }) => counts.rejected },
    { title: 'aborted', of: ({ counts }) => counts.aborted },
    { title: 'waiting', of: ({ counts }) => counts.waiting },
    { title: 'skipped', of: ({ counts }) => counts.skipped },
    { title: 'error', of: ({ error }) => error },
    { title: 'retry of', of: ({ retryOf }) => retryOf?.id },
    { title: 'undo of', of: ({ undoOf }) => undoOf?.id },
    { title: 'undone by', of: ({ undoneBy }) => undoneBy?.id },
  ],
  name: ({ id }) => id,
};

/** Prints an operation; in a table with its outcomes by status and code. */
export function printOperation(operation: Operation, format: OutputFormat): void {
  const columns = operationView.columns.filter(({ of }) => {
    const value = of(operation);
    return format !== 'table' || (value !== null && value !== undefined);
  });
  printOne(operation, { ...operationView, columns }, format);
  if (format !== 'table' || operation.outcomes.length === 0) return;
  print('');
  printRows(outcomesOf(operation), outcomeView, format);
}
