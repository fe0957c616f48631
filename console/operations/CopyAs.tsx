import { useAction } from '../api/useAction';
import type { OperationDetailsFragment } from '../generated/graphql';
import { announce } from '../ui/announce';
import { ErrorBox } from '../ui/ErrorBox';
import { equivalentCommands } from './equivalentCommands';

/** Copies what reads or repeats an operation. */
export function CopyAs({ operation }: { readonly operation: OperationDetailsFragment }) {
  const copying = useAction(async (name: string, text: string) => {
    await navigator.clipboard.writeText(text);
    announce(`Copied as ${name}.`);
  });
  return (
    <details class="copy-as">
      <summary>As GraphQL, curl or command</summary>
      {Object.entries(equivalentCommands(operation, window.location.origin)).map(([name, text]) => (
        <div key={name} class="copy">
          <pre>{text}</pre>
          <button type="button" class="button" onClick={() => void copying.run(name, text)}>
            Copy as {name}
          </button>
        </div>
      ))}
      <ErrorBox problem={copying.problem}>
        The browser allows no copying here. Select the text, and copy it by hand.
      </ErrorBox>
    </details>
  );
}
