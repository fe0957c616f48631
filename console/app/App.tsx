import type { ComponentChild } from 'preact';
import { useEffect } from 'preact/hooks';
import { useLoadedViewer } from '../api/viewer';
import { addressOf, navigate, path, query } from '../location/location';
import { OperationPage } from '../operations/OperationPage';
import { OperationsPage } from '../operations/OperationsPage';
import { RunPage } from '../runs/RunPage';
import { RunsPage } from '../runs/RunsPage';
import { NoSuchPage } from './NoSuchPage';
import { Shell } from './Shell';

interface Route {
  /** Matches a path below `/console`; its group is the id. */
  readonly pattern: RegExp;
  render(id: string): ComponentChild;
}

const routes: readonly Route[] = [
  { pattern: /^\/runs$/, render: () => <RunsPage /> },
  { pattern: /^\/runs\/([^/]+)$/, render: id => <RunPage id={id} key={id} /> },
  { pattern: /^\/operations$/, render: () => <OperationsPage /> },
  { pattern: /^\/operations\/([^/]+)$/, render: id => <OperationPage id={id} key={id} /> },
];

function View() {
  for (const { pattern, render } of routes) {
    const found = pattern.exec(path.value);
    if (found) return <>{render(found[1] ?? '')}</>;
  }
  return <NoSuchPage />;
}

/** The whole console: the shell around the view of the current address. */
export function App() {
  useLoadedViewer();
  const isHome = path.value === '/';
  useEffect(() => {
    if (isHome) navigate(addressOf('/runs', query.value), 'replace');
  }, [isHome]);
  return <Shell>{!isHome && <View />}</Shell>;
}
