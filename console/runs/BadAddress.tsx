import { Link } from '../location/Link';
import { addressOf } from '../location/location';
import { Icon } from '../ui/Icon';

/** For an address whose filter cannot be read: nothing is shown, because it would be something else than what was asked for. */
export function BadAddress({ problems }: { readonly problems: readonly string[] }) {
  return (
    <div class="notice notice-error" role="alert">
      <Icon name="warning" />
      <div class="notice-text">
        <p>
          <strong>The filter in the address cannot be read, so no runs are shown.</strong>
        </p>
        <ul>
          {problems.map(problem => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
        <p>
          Correct the address, or <Link to={addressOf('/runs')}>start with an empty filter</Link>.
        </p>
      </div>
    </div>
  );
}
