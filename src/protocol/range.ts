/** `[start, end)` in UTF-16 code units of the text it belongs to. */
export type Range = readonly [start: number, end: number];
