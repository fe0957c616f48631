/** Items in a row. */
export interface ItemRange {
  /** The first ordinal; absent: the range begins where the next items do. */
  first?: number;
  size: number;
}

/** Work on many items at once, that can be repeated for some of them. */
export interface IsolatedWork<State> {
  /** Does the work for a range, and returns the state after it. */
  work(range: ItemRange, before: State): Promise<State>;
  /**
   * Reports a failure and returns the items that it concerns; null where nothing of them is to be tried again now.
   *
   * @throws the error itself where fewer items would fail alike.
   */
  handleFailure(error: unknown, range: ItemRange): Promise<Required<ItemRange> | null>;
  /** Records that an item cannot be processed, and returns the state after it. */
  giveUp(item: number, before: State): Promise<State>;
}

/**
 * Does work on many items at once. Where it fails, does it on each half of them, until the items that fail are alone: these
 * are given up, and take no others with them. An item that was alone from the beginning is tried once more before.
 */
export async function isolateFailures<State>(
  isolated: IsolatedWork<State>,
  range: ItemRange,
  before: State,
  isPart = false,
): Promise<State> {
  try {
    return await isolated.work(range, before);
  } catch (error) {
    const failed = await isolated.handleFailure(error, range);
    if (failed === null) return before;
    const { first, size } = failed;
    if (size === 1 && isPart) return isolated.giveUp(first, before);
    const half = Math.ceil(size / 2);
    const between = await isolateFailures(isolated, { first, size: half }, before, true);
    if (half === size) return between;
    return isolateFailures(isolated, { first: first + half, size: size - half }, between, true);
  }
}
