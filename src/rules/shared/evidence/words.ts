/** Scopes in a sentence: `mcp:read, mcp:write`; `no scope` for none. */
export function scopes(list: readonly string[]): string {
  return list.length === 0 ? 'no scope' : list.join(', ');
}

/** A span of time in a sentence: `182 ms`, `4.2 s`, `12 min`, `3.5 h`. */
export function span(milliseconds: number): string {
  const value = Math.max(0, milliseconds);
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 120_000) return `${trim(value / 1000)} s`;
  if (value < 7_200_000) return `${Math.round(value / 60_000)} min`;
  return `${trim(value / 3_600_000)} h`;
}

function trim(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  return String(rounded);
}

/** `once`, `twice`, `3 times`. */
export function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}
