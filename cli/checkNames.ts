import type { Command } from 'commander';
import type { Request } from './client';
import { CommandError } from './errors';
import { namesIn } from './filterOptions';

const lists = {
  flow: 'query Named($name: String!) { list: flows(first: 1, filter: { name: { any: [$name] } }) { nodes { id } } }',
  deployment:
    'query Named($name: String!) { list: deployments(first: 1, filter: { name: { any: [$name] } }) { nodes { id } } }',
} as const;

async function findUnknown(
  request: Request,
  kind: keyof typeof lists,
  names: readonly string[],
): Promise<string[]> {
  const exists = async (name: string): Promise<boolean> =>
    (await request<{ list: { nodes: readonly object[] } }>(lists[kind], { name })).list.nodes.length > 0;
  const found = await Promise.all(names.map(exists));
  return names.filter((_name, index) => found[index] === false).map(name => `There is no ${kind} ${name}.`);
}

/**
 * Checks that the flows and deployments that the options of a command name exist. Without this, a wrong name is a
 * filter that no run matches.
 *
 * @throws CommandError with each name that does not exist.
 */
export async function checkNames(request: Request, command: Command): Promise<void> {
  const { flow, deployment } = namesIn(command);
  const unknown = await Promise.all([
    findUnknown(request, 'flow', flow),
    findUnknown(request, 'deployment', deployment),
  ]);
  if (unknown.flat().length > 0) throw new CommandError(unknown.flat().join('\n'));
}
