import { useRef, useState } from 'preact/hooks';
import { reportLost } from '../api/connection';
import { lostProblem, type Problem, problemOfErrors, type WireError } from '../api/problem';
import { authorization, requestKey } from '../api/session';
import { ErrorBox } from '../ui/ErrorBox';
import type { ItemsRequest } from './useItems';

const frameName = 'download';

/** The fields of the form, as they are when it is sent: no page of the browser's history contains the key. */
function fillIn(form: FormData, { id, status, code, flowRunId }: ItemsRequest): void {
  form.set('operation', id);
  for (const one of status) form.append('status', one);
  for (const one of code) form.append('code', one);
  if (flowRunId !== null) form.set('flowRunId', flowRunId);
  if (authorization.value !== null) form.set('authorization', authorization.value);
}

/** Why there was no download: the browser shows in the frame what it does not save. */
function problemIn(page: Document | null): Problem | undefined {
  // A page of the browser's own, which no script may read.
  if (page === null) return lostProblem;
  const text = page.body.textContent.trim();
  if (text === '') return undefined;
  try {
    return problemOfErrors((JSON.parse(text) as { readonly errors: readonly WireError[] }).errors);
  } catch {
    // A proxy in front of a gateway that is down responds with a page of its own.
    return lostProblem;
  }
}

/** Saves the items that are shown to a file, which the browser writes as it arrives. */
export function Download({ items }: { readonly items: ItemsRequest }) {
  const [problem, setProblem] = useState<Problem>();
  const sentWith = useRef<string | null>(null);

  function readFrame(page: Document | null): void {
    const found = problemIn(page);
    setProblem(found);
    if (found?.code === lostProblem.code) reportLost();
    if (found?.code === 'UNAUTHENTICATED')
      void requestKey(found.message, sentWith.current).then(() => setProblem(undefined));
  }

  return (
    <>
      <form
        class="actions"
        method="post"
        action="/console/export"
        target={frameName}
        aria-label="Download these items"
        onSubmit={() => setProblem(undefined)}
        onFormData={event => {
          if (!(event instanceof FormDataEvent)) return;
          sentWith.current = authorization.value;
          fillIn(event.formData, items);
        }}
      >
        <span class="label">Download these items</span>
        <button type="submit" class="button" name="format" value="csv">
          CSV
        </button>
        <button type="submit" class="button" name="format" value="jsonl">
          JSONL
        </button>
      </form>
      <iframe
        name={frameName}
        title="Download"
        hidden
        onLoad={event => readFrame(event.currentTarget.contentDocument)}
      />
      <ErrorBox problem={problem}>
        {problem?.code === lostProblem.code
          ? 'No file was saved. Download it again when the gateway is back.'
          : undefined}
      </ErrorBox>
    </>
  );
}
