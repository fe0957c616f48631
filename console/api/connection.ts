import { signal } from '@preact/signals';

/** Whether the gateway responds. */
export const isLost = signal(false);

/** Raised each time the gateway is back: what depends on it is loaded again. */
export const epoch = signal(0);

const probeMilliseconds = 1500;
let timer: ReturnType<typeof setTimeout> | undefined;

async function probe(): Promise<void> {
  const isBack = await fetch('/readyz', { cache: 'no-store' }).then(
    response => response.ok,
    () => false,
  );
  if (isBack) reportFound();
  else timer = setTimeout(() => void probe(), probeMilliseconds);
}

/** Reports that a call or the socket found no gateway. It is probed until it responds. */
export function reportLost(): void {
  if (isLost.value) return;
  isLost.value = true;
  timer = setTimeout(() => void probe(), probeMilliseconds);
}

/** Reports that the gateway responded. */
export function reportFound(): void {
  if (!isLost.value) return;
  clearTimeout(timer);
  isLost.value = false;
  epoch.value++;
}

/** Asks now instead of at the next probe. */
export function probeNow(): void {
  if (!isLost.value) return;
  clearTimeout(timer);
  void probe();
}
