import './styles/tokens.css';
import './styles/base.css';
import { render } from 'preact';
import { App } from './app/App';

/** Shows the console. The script may run before the page is parsed. */
export function start(): void {
  const root = document.getElementById('app');
  if (root !== null) render(<App />, root);
  else document.addEventListener('DOMContentLoaded', start, { once: true });
}
