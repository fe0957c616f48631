import { usePageTitle } from '../app/usePageTitle';

/** One run. */
export function RunPage({ id }: { readonly id: string }) {
  usePageTitle('Run');
  return (
    <>
      <h1>Run</h1>
      <p class="code">{id}</p>
    </>
  );
}
