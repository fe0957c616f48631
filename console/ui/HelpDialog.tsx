import { Dialog } from './Dialog';
import { bindings } from './keys';

const names: Readonly<Record<string, string>> = { Escape: 'Esc', ArrowDown: '↓', ArrowUp: '↑' };

/** The keys that work on this page. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl class="keys">
        {bindings.value.map(({ key, meaning }) => (
          <div key={key + meaning}>
            <dt>
              <kbd>{names[key] ?? key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">No key alone changes anything: what moves runs always asks first.</p>
      <div class="actions">
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
