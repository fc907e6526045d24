/** How much of a stranger's text a sentence takes, characters. */
const LONGEST = 200;
/** How many items of a list. */
const MOST = 5;

/** A text of any length in a sentence; whole characters only. */
export function short(text: string): string {
  if (text.length <= LONGEST) return text;
  return `${[...text.slice(0, LONGEST)].slice(0, -1).join('')}…`;
}

/** A list of any length in a sentence: `a, b and 3 more`. */
export function several(items: readonly string[]): string {
  const shown = items.slice(0, MOST).map(short).join(', ');
  return items.length > MOST ? `${shown} and ${items.length - MOST} more` : shown;
}

/** How many occurrences of one fault are shown. */
const SHOWN = 5;

/** The first few of many. */
export function few<T>(items: readonly T[]): readonly T[] {
  return items.slice(0, SHOWN);
}
