/** The shapes, on a grid of 16 by 16. */
const paths = {
  clock: 'M8 4.5V8l2.5 1.5M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Z',
  dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  play: 'M5 3.5v9l7.5-4.5L5 3.5Z',
  check: 'm3 8.5 3.5 3.5L13 4.5',
  cross: 'm4 4 8 8m0-8-8 8',
  bolt: 'M9 1.8 3.8 9H8l-1 5.2L12.2 7H8l1-5.2Z',
  stop: 'M4 4h8v8H4V4Z',
  pause: 'M5.5 3.5v9m5-9v9',
  hourglass: 'M4.5 2h7M4.5 14h7M5 2c0 3 3 4 3 6s-3 3-3 6m6-12c0 3-3 4-3 6s3 3 3 6',
  warning: 'M8 2 1.8 13.5h12.4L8 2Zm0 4.5v3.2m0 2h.01',
  info: 'M8 7.2v4M8 4.8h.01M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Z',
  skip: 'M3 8h9.5m-3.5-3.5L12.5 8 9 11.5',
  filter: 'M2 3.5h12L9.5 9v4l-3-1.5V9L2 3.5Z',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3',
  chevron: 'm6 4 4 4-4 4',
} as const;

/** A shape of the set. */
export type IconName = keyof typeof paths;

/** A decorative icon: a word always stands beside it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
