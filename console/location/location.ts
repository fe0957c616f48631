import { computed, signal } from '@preact/signals';

const base = '/console';

const read = (): string => window.location.pathname + window.location.search;

/** Path and query of the page: everything that a view shows is derived from it. */
const href = signal(read());
window.addEventListener('popstate', () => {
  href.value = read();
});

const url = computed(() => new URL(href.value, window.location.origin));

/** The path of the view below `/console`, for example `/runs`. */
export const path = computed(() => url.value.pathname.slice(base.length).replace(/\/+$/, '') || '/');

/** The query of the view. */
export const query = computed<URLSearchParams>(() => url.value.searchParams);

/** The address of a view, for links. */
export function addressOf(view: string, params?: URLSearchParams): string {
  const text = params?.toString() ?? '';
  return base + view + (text === '' ? '' : `?${text}`);
}

/**
 * Goes to a view.
 *
 * @param how `push` makes an entry in the history, `replace` changes the current one.
 */
export function navigate(address: string, how: 'push' | 'replace' = 'push'): void {
  if (address === href.value) return;
  if (how === 'push') window.history.pushState(null, '', address);
  else window.history.replaceState(null, '', address);
  const isOtherView = address.split('?')[0] !== href.value.split('?')[0];
  href.value = address;
  if (isOtherView) window.scrollTo(0, 0);
}
