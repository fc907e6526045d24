/** Index of the first item whose time is after `time`, in an array sorted by `timeOf`. */
export function firstAfter<T>(items: readonly T[], time: number, timeOf: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && timeOf(item) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Inserts where time puts it, after its equals: at the end, ordinarily. */
export function insertByTime<T>(items: T[], item: T, timeOf: (item: T) => number): void {
  const last = items[items.length - 1];
  if (last === undefined || timeOf(last) <= timeOf(item)) items.push(item);
  else items.splice(firstAfter(items, timeOf(item), timeOf), 0, item);
}
