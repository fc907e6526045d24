import { isLoopback, parseUrl } from '../../../protocol/url.ts';

/** Why keys are not fetched from an address. */
export type Refusal = 'none' | 'not-an-address' | 'credentials' | 'not-https' | 'private';

export type KeyAddress = { readonly ok: true; readonly url: string } | { readonly ok: false; readonly why: Refusal };

interface Asked {
  /** `jwks_uri` of the issuer's metadata: a stranger's text. */
  readonly jwksUri: string | null;
  readonly issuer: string;
  /** Origin of the client's page; null when the traffic does not tell. */
  readonly page: string | null;
}

/**
 * Whether keys may be fetched from where an issuer says they are. A server must not be able to make this browser ask
 * a host in the user's own network: https only, or http where issuer, page and keys are all on this machine; no
 * private, link-local or loopback host for a public issuer.
 */
export function keyAddress({ jwksUri, issuer, page }: Asked): KeyAddress {
  const no = (why: Refusal): KeyAddress => ({ ok: false, why });
  if (jwksUri === null) return no('none');
  const url = parseUrl(jwksUri);
  const owner = parseUrl(issuer);
  if (url === null || owner === null) return no('not-an-address');
  if (url.username !== '' || url.password !== '') return no('credentials');
  if (url.protocol === 'http:') {
    const origin = page === null ? null : parseUrl(page);
    const local = [url, owner, origin].every((one) => one !== null && isLoopback(one.hostname));
    if (!local) return no('not-https');
  } else if (url.protocol !== 'https:') return no('not-https');
  if (isPrivateHost(url.hostname) && !isPrivateHost(owner.hostname)) return no('private');
  url.hash = '';
  return { ok: true, url: url.href };
}

/**
 * Whether a host, as the WHATWG URL parser writes it, is one that the public cannot reach: special-purpose addresses
 * (RFC 6890), and names that only a local network resolves (RFC 6761, 6762, 8375, and names of one label).
 */
export function isPrivateHost(host: string): boolean {
  if (host.startsWith('[')) return isPrivateIpv6(host.slice(1, -1));
  const octets = /^\d+\.\d+\.\d+\.\d+$/.test(host) ? host.split('.').map(Number) : null;
  if (octets !== null) return isPrivateIpv4(octets);
  const name = host.toLowerCase().replace(/\.$/, '');
  if (!name.includes('.')) return true;
  return ['localhost', 'local', 'internal', 'intranet', 'lan', 'home', 'corp', 'private', 'home.arpa'].some((zone) =>
    name.endsWith(`.${zone}`),
  );
}

function isPrivateIpv4([a = 0, b = 0, c = 0]: readonly number[]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 100) return b >= 64 && b <= 127;
  if (a === 169) return b === 254;
  if (a === 172) return b >= 16 && b <= 31;
  if (a === 192) return b === 168 || (b === 0 && (c === 0 || c === 2));
  if (a === 198) return b === 18 || b === 19 || (b === 51 && c === 100);
  return a === 203 && b === 0 && c === 113;
}

function isPrivateIpv6(text: string): boolean {
  const groups = ipv6Groups(text);
  const [first = 0, second = 0] = groups;
  // ::, ::1, IPv4-mapped and -compatible, translated (64:ff9b::/96): the last 32 bits are what is asked.
  if (groups.slice(0, 5).every((group) => group === 0) || (first === 0x64 && second === 0xff9b)) {
    const [high = 0, low = 0] = groups.slice(6);
    return isPrivateIpv4([high >> 8, high & 255, low >> 8, low & 255]);
  }
  if (first === 0x2002) return isPrivateIpv4([second >> 8, second & 255, (groups[2] ?? 0) >> 8]);
  // Only 2000::/3 is given out to the public; 2001:db8::/32 is for examples, 2001::/32 hides an IPv4 address.
  if ((first & 0xe000) !== 0x2000) return true;
  return first === 0x2001 && (second === 0xdb8 || second === 0);
}

/** The eight groups of an address that the URL parser has normalised. */
function ipv6Groups(text: string): readonly number[] {
  const [head = '', tail] = text.split('::');
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [read(head), read(tail ?? '')];
  return [...before, ...new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after];
}
