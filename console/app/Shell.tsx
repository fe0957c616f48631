import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { authorization, forgetKey } from '../api/session';
import { attachedTo } from '../api/viewer';
import { Link } from '../location/Link';
import { addressOf, path } from '../location/location';
import { HelpDialog } from '../ui/HelpDialog';
import { useKeys } from '../ui/keys';
import { LiveRegion } from '../ui/LiveRegion';
import { ZoneSwitch } from '../ui/ZoneSwitch';
import { ConnectionBar } from './ConnectionBar';
import { KeyDialog } from './KeyDialog';
import { MirrorStatus } from './MirrorStatus';
import { ViewerName } from './ViewerName';
import './Shell.css';

const views = [
  { to: '/runs', name: 'Runs' },
  { to: '/operations', name: 'Operations' },
] as const;

const isAt = (view: string): boolean => path.value === view || path.value.startsWith(`${view}/`);

/** What surrounds every view: navigation, zone, help, and what concerns the whole page. */
export function Shell({ children }: { readonly children: ComponentChildren }) {
  const [isHelpOpen, setHelpOpen] = useState(false);
  useKeys([{ key: '?', meaning: 'Show the keys', act: () => setHelpOpen(true) }]);
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      <header class="shell-header">
        <span class="brand">
          <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true" focusable="false">
            <rect width="16" height="16" rx="3.5" />
            <path d="M2.5 11h11M2.5 11c4 0 4-6 8-6h3" />
          </svg>
          <span>Switchyard</span>
        </span>
        <nav aria-label="Views">
          {views.map(({ to, name }) => (
            <Link key={to} to={addressOf(to)} aria-current={isAt(to) ? 'page' : undefined}>
              {name}
            </Link>
          ))}
        </nav>
        {attachedTo.value !== null && <MirrorStatus address={attachedTo.value} />}
        <div class="shell-tools">
          <ZoneSwitch />
          <button type="button" class="button button-quiet" onClick={() => setHelpOpen(true)}>
            Keys <kbd>?</kbd>
          </button>
          <ViewerName />
          {authorization.value !== null && (
            <button type="button" class="button button-quiet" onClick={forgetKey}>
              Sign out
            </button>
          )}
        </div>
      </header>
      <ConnectionBar />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <LiveRegion />
      <KeyDialog />
      {isHelpOpen && <HelpDialog onClose={() => setHelpOpen(false)} />}
    </>
  );
}
