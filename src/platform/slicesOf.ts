/**
 * A list in slices of its order.
 *
 * @param size how many items a slice has; the last one may have fewer.
 */
export function* slicesOf<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
