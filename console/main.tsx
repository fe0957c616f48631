// First, because modules run in the order of their imports.
import './runs/firstRows';
import './styles/tokens.css';
import './styles/base.css';
import { render } from 'preact';
import { App } from './app/App';

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
