// Small, so that the request for the first rows is under way before the browser has compiled the rest.
import './runs/firstRows';

void import('./start').then(({ start }) => start());
