import { Link } from '../location/Link';
import { addressOf, path } from '../location/location';
import { usePageTitle } from './usePageTitle';

/** For an address that no view has. */
export function NoSuchPage() {
  usePageTitle('No such page');
  return (
    <div class="page-message">
      <h1>No such page</h1>
      <p>
        There is no page at <code>/console{path}</code>. Check the address, or go to{' '}
        <Link to={addressOf('/runs')}>all runs</Link> or{' '}
        <Link to={addressOf('/operations')}>all operations</Link>.
      </p>
    </div>
  );
}
