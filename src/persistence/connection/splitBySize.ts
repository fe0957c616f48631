/**
 * The characters that the values of one statement have together, but for a single row: three bytes each and escaped, they
 * stay below 1 MiB, the smallest packet that servers are set to.
 */
const maxCharacters = 300_000;

/**
 * Splits items into consecutive parts with a limited number of items, and of at most 300,000 characters if possible.
 */
export function splitBySize<Item>(
  items: readonly Item[],
  maxItems: number,
  sizeOf: (item: Item) => number,
): (readonly Item[])[] {
  const parts: Item[][] = [];
  let part: Item[] = [];
  let characters = 0;
  for (const item of items) {
    const added = sizeOf(item);
    if (part.length === maxItems || (part.length > 0 && characters + added > maxCharacters)) {
      parts.push(part);
      part = [];
      characters = 0;
    }
    part.push(item);
    characters += added;
  }
  return [...parts, part];
}
