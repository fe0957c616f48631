import type { Command } from 'commander';
import { connectionOf } from '../connect';
import { CommandError } from '../errors';
import { idOf } from '../operands';
import { print, printOne, printRows, type View } from '../output';

const document = `query Run($id: ID!) {
  flowRun(id: $id) {
    id name stateType stateName created startTime expectedStartTime endTime runCount tags workQueueName
    parameters parentFlowRunId flow { id name } deployment { id name }
    states(first: 50) { nodes { timestamp type name message } }
  }
}`;

interface State {
  readonly timestamp: string;
  readonly type: string;
  readonly name: string;
  readonly message: string | null;
}

interface Run {
  readonly id: string;
  readonly name: string;
  readonly stateType: string | null;
  readonly stateName: string | null;
  readonly created: string;
  readonly startTime: string | null;
  readonly expectedStartTime: string | null;
  readonly endTime: string | null;
  readonly runCount: number;
  readonly tags: readonly string[];
  readonly workQueueName: string | null;
  readonly parentFlowRunId: string | null;
  readonly flow: { readonly name: string };
  readonly deployment: { readonly name: string } | null;
  readonly states: { readonly nodes: readonly State[] };
}

const view: View<Run> = {
  columns: [
    { title: 'id', of: run => run.id },
    { title: 'name', of: run => run.name },
    { title: 'flow', of: run => run.flow.name },
    { title: 'deployment', of: run => run.deployment?.name },
    { title: 'state', of: run => run.stateType && `${run.stateType} (${run.stateName ?? ''})` },
    { title: 'created', of: run => run.created },
    { title: 'expected start', of: run => run.expectedStartTime },
    { title: 'start', of: run => run.startTime },
    { title: 'end', of: run => run.endTime },
    { title: 'attempts', of: run => run.runCount },
    { title: 'tags', of: run => run.tags.join(', ') },
    { title: 'queue', of: run => run.workQueueName },
    { title: 'parent run', of: run => run.parentFlowRunId },
  ],
  name: run => run.id,
};

const stateView: View<State> = {
  columns: [
    { title: 'time', of: ({ timestamp }) => timestamp.replace(/\.\d+Z$/, 'Z') },
    { title: 'state', of: ({ type, name }) => `${type} (${name})` },
    { title: 'message', of: ({ message }) => message },
  ],
  name: ({ timestamp }) => timestamp,
};

async function showRun(id: string, command: Command): Promise<void> {
  const { request, format } = connectionOf(command);
  const { flowRun } = await request<{ flowRun: Run | null }>(document, { id });
  if (flowRun === null) throw new CommandError(`no run has the id ${id}`);
  printOne(flowRun, view, format);
  if (format !== 'table') return;
  print('');
  printRows(flowRun.states.nodes, stateView, format);
}

/** Adds `runs show`. */
export function addRunsShow(runs: Command): void {
  runs
    .command('show')
    .description('Shows a run and the history of its states.')
    .argument('<id>', 'the id of the run', idOf('run'))
    .addHelpText(
      'after',
      `
Example:
  switchyard runs show 0199c0de-0000-7000-8000-000000000001 -o json`,
    )
    .action((id: string, _options, command: Command) => showRun(id, command));
}
