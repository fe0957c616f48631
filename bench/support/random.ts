import { v7 } from 'uuid';
import { createNumbers } from '../../demo/random';

/** Believable data that is the same each time. */
export interface Random {
  /** A whole number from 0, below a limit. */
  below(limit: number): number;
  /** Whether something of this probability happens. */
  chance(probability: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** The same items in another order. */
  shuffled<Item>(items: readonly Item[]): Item[];
  /** A UUID of version 7 of a moment. */
  id(milliseconds: number): string;
}

/** A generator of random numbers with a fixed seed. */
export function createRandom(seed: number): Random {
  const next = createNumbers(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: probability => next() < probability,
    pick: items => items[below(items.length)] ?? items[0],
    shuffled: items =>
      items
        .map(item => ({ item, place: next() }))
        .sort((one, other) => one.place - other.place)
        .map(({ item }) => item),
    id: milliseconds =>
      v7({ msecs: milliseconds, random: Uint8Array.from({ length: 16 }, () => below(256)) }),
  };
}
