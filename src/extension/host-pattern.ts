/** The match pattern of an origin's host. Patterns of permissions know no port: every port of the host is meant. */
export function hostPattern(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}
