import { Link } from '../location/Link';
import { addressOf } from '../location/location';
import { ErrorBox } from './ErrorBox';

interface BadAddressProps {
  /** What is not shown, because it would be something else than what was asked for. */
  readonly missing: string;
  readonly problems: readonly string[];
  /** The path of the view, for an address without a filter. */
  readonly view: string;
}

/** For an address whose filter cannot be read: what is wrong with it, and what to do. */
export function BadAddress({ missing, problems, view }: BadAddressProps) {
  const message = `The filter in the address cannot be read, so no ${missing} are shown.`;
  return (
    <ErrorBox problem={{ code: 'BAD_ADDRESS', message, issues: problems }}>
      Correct the address, or <Link to={addressOf(view)}>start with an empty filter</Link>.
    </ErrorBox>
  );
}
