import { useQuery } from '../api/useQuery';
import { usePageTitle } from '../app/usePageTitle';
import { RunsPageDocument } from '../generated/graphql';
import { ErrorBox } from '../ui/ErrorBox';
import { StateBadge } from '../ui/StateBadge';
import { Time } from '../ui/Time';

/** All runs. */
export function RunsPage() {
  usePageTitle('Runs');
  const { data, problem, refresh } = useQuery(RunsPageDocument, { sort: 'ID_DESC', first: 50 });
  return (
    <>
      <h1>Runs</h1>
      <ErrorBox problem={problem} onRetry={refresh} />
      <ul>
        {data?.flowRuns.nodes.map(run => (
          <li key={run.id}>
            <StateBadge type={run.stateType} name={run.stateName} /> {run.name}{' '}
            <Time instant={run.startTime} />
          </li>
        ))}
      </ul>
    </>
  );
}
