import { usePageTitle } from '../app/usePageTitle';

/** All operations. */
export function OperationsPage() {
  usePageTitle('Operations');
  return <h1>Operations</h1>;
}
