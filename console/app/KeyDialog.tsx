import { useId, useState } from 'preact/hooks';
import { keyRequest, provideKey } from '../api/session';
import { Dialog } from '../ui/Dialog';

/** Asks for a key or token while calls wait for one. */
export function KeyDialog() {
  const [key, setKey] = useState('');
  const inputId = useId();
  const reason = keyRequest.value;
  if (reason === null) return null;
  return (
    <Dialog title="Key or token">
      <form
        onSubmit={event => {
          event.preventDefault();
          if (key.trim() === '') return;
          provideKey(key);
          setKey('');
        }}
      >
        <p>{reason}</p>
        <label for={inputId}>API key or token</label>
        <input
          id={inputId}
          type="password"
          autocomplete="off"
          spellcheck={false}
          required
          autofocus
          value={key}
          onInput={event => setKey(event.currentTarget.value)}
        />
        <p class="muted">It stays in this tab and is removed when the tab is closed.</p>
        <div class="actions">
          <button type="submit" class="button button-primary">
            Sign in
          </button>
        </div>
      </form>
    </Dialog>
  );
}
