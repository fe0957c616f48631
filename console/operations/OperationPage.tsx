import { usePageTitle } from '../app/usePageTitle';

/** One operation. */
export function OperationPage({ id }: { readonly id: string }) {
  usePageTitle('Operation');
  return (
    <>
      <h1>Operation</h1>
      <p class="code">{id}</p>
    </>
  );
}
