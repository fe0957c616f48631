const adjectives = [
  'amber',
  'brisk',
  'calm',
  'daring',
  'eager',
  'fleet',
  'gentle',
  'humble',
  'keen',
  'lucid',
  'nimble',
  'quiet',
];
const animals = [
  'badger',
  'crane',
  'dolphin',
  'falcon',
  'gecko',
  'heron',
  'ibex',
  'lynx',
  'marten',
  'otter',
  'raven',
  'walrus',
];

/** A name for a run that is given none, out of its id. */
export function nameFor(id: string): string {
  const number = Number.parseInt(id.slice(-8), 16);
  return `${adjectives[number % adjectives.length]}-${animals[Math.floor(number / adjectives.length) % animals.length]}`;
}
