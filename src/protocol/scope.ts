/**
 * Scope values: case-sensitive tokens in a space-delimited list whose order does not matter
 * (RFC 6749 section 3.3).
 */

/** The scopes of a `scope` parameter: split on spaces, empties and repetitions dropped, order kept (guard G10). */
export function parseScope(text: string): string[] {
  return distinct(text.split(' '));
}

/**
 * The scopes an authorization server reports. Some separate them by commas; a comma is a separator only
 * where there are commas and no spaces, for RFC 6749 allows it inside a scope.
 */
export function parseReportedScope(text: string): string[] {
  const trimmed = text.trim();
  return trimmed.includes(',') && !trimmed.includes(' ') ? distinct(trimmed.split(',')) : parseScope(text);
}

/** What is odd about a `scope` parameter's text: scopes named more than once, or none at all. */
export function scopeTextProblems(text: string): { duplicates: string[]; empty: boolean } {
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const scope of text.split(' ')) {
    if (scope === '') continue;
    if (seen.has(scope)) duplicates.add(scope);
    seen.add(scope);
  }
  return { duplicates: [...duplicates], empty: seen.size === 0 };
}

/** The scopes of both, those of `a` first. */
export function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])];
}

/** The scopes of `a` that `b` lacks. */
export function minus(a: readonly string[], b: readonly string[]): string[] {
  const other = new Set(b);
  return distinct(a.filter((scope) => !other.has(scope)));
}

/** The scopes that both have, in the order of `a`. */
export function intersect(a: readonly string[], b: readonly string[]): string[] {
  const other = new Set(b);
  return distinct(a.filter((scope) => other.has(scope)));
}

/** Whether `set` has every scope of `of`. */
export function includesAll(set: readonly string[], of: readonly string[]): boolean {
  const all = new Set(set);
  return of.every((scope) => all.has(scope));
}

/** Whether both have the same scopes, order and repetition aside. */
export function equalScopes(a: readonly string[], b: readonly string[]): boolean {
  return includesAll(a, b) && includesAll(b, a);
}

/**
 * Whether `broad` by its name includes `narrow`: the same, a prefix of it up to a `:`, `.` or `/`
 * (`files` covers `files:read`), or a prefix followed by `*`. A habit of servers, not a rule of RFC 6749,
 * which leaves scope names opaque.
 */
export function covers(broad: string, narrow: string): boolean {
  if (broad === '') return false;
  if (broad === narrow) return true;
  if (broad.endsWith('*')) return narrow.startsWith(broad.slice(0, -1));
  return narrow.startsWith(broad) && ':./'.includes(narrow.charAt(broad.length));
}

function distinct(scopes: readonly string[]): string[] {
  return [...new Set(scopes.filter((scope) => scope !== ''))];
}
