import { isLost, probeNow } from '../api/connection';
import { Icon } from '../ui/Icon';

/** Reports a lost gateway until it is back. */
export function ConnectionBar() {
  if (!isLost.value) return null;
  return (
    <div class="connection-bar" role="alert">
      <Icon name="warning" />
      <span>
        <strong>The gateway is lost.</strong> The console tries again by itself; what you typed stays.
      </span>
      <button type="button" class="button" onClick={probeNow}>
        Try now
      </button>
    </div>
  );
}
