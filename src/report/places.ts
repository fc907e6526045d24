import type { Exchange } from '../exchange/exchange.ts';
import type { OrdinaryExchanges } from '../exchange/ordinary.ts';
import type { OrdinaryExchange } from '../exchange/ordinary-exchange.ts';
import { readPlace, readTarget } from '../protocol/url.ts';
import type { Story } from '../story/model.ts';

/** The URLs that a story concerns, whoever asks for them. */
export class Places {
  /** Origin and path. */
  readonly #endpoints: ReadonlySet<string>;
  /** Where users sign in: any document there is the story's. */
  readonly #pageOrigins: ReadonlySet<string>;

  constructor(endpoints: ReadonlySet<string>, pageOrigins: ReadonlySet<string>) {
    this.#endpoints = endpoints;
    this.#pageOrigins = pageOrigins;
  }

  get isEmpty(): boolean {
    return this.#endpoints.size === 0 && this.#pageOrigins.size === 0;
  }

  /** What is here and not there. */
  without(other: Places): Places {
    return new Places(difference(this.#endpoints, other.#endpoints), difference(this.#pageOrigins, other.#pageOrigins));
  }

  /** The ordinary exchanges that asked for one of these. */
  among(
    all: OrdinaryExchanges,
    exchanges: readonly OrdinaryExchange[],
    isKnown: (ordinary: OrdinaryExchange) => boolean,
  ): OrdinaryExchange[] {
    const hosts = new Set([...this.#endpoints, ...this.#pageOrigins].flatMap((url) => readPlace(url)?.host ?? []));
    const isOurs = all.authorities.map((authority) => {
      const host = plainHost(authority);
      return host === null || hosts.has(host);
    });
    return exchanges.filter((ordinary) => {
      if (isOurs[all.authority(ordinary.index)] !== true || isKnown(ordinary)) return false;
      const target = readTarget(ordinary.url);
      if (!target) return false;
      return this.#endpoints.has(target.endpoint) || (this.#pageOrigins.has(target.origin) && mayBePage(ordinary));
    });
  }
}

/** The members of a set that another lacks. */
export function difference<T>(one: ReadonlySet<T>, other: ReadonlySet<T>): Set<T> {
  return new Set([...one].filter((member) => !other.has(member)));
}

/** Every place that a story knows to be somebody's. */
export function placesOf(story: Story): Places {
  const pageOrigins = new Set(story.grants.flatMap(({ authorization }) => originOf(authorization?.exchange.url)));
  for (const { issuer } of story.authorizationServers) for (const origin of originOf(issuer)) pageOrigins.add(origin);
  return new Places(endpointsOf(story), pageOrigins);
}

/** Origin and path of every URL that the story knows to be somebody's. */
function endpointsOf(story: Story): Set<string> {
  const urls = new Set<string>();
  for (const server of story.servers) {
    urls.add(server.url);
    for (const url of server.metadataUrls) urls.add(url);
    for (const { exchange } of server.metadata) addUrls(exchange.response.body.text, urls);
  }
  for (const { metadata } of story.authorizationServers)
    for (const { exchange } of metadata) addUrls(exchange.response.body.text, urls);
  for (const grant of story.grants) {
    for (const exchange of [grant.authorization?.exchange, grant.callback?.exchange, grant.token?.exchange])
      if (exchange) urls.add(exchange.url);
    if (grant.clientId !== null) urls.add(grant.clientId);
  }
  for (const { request, response } of story.registrations)
    for (const url of (request ?? response)?.redirectUris ?? []) urls.add(url);
  return new Set([...urls].flatMap((url) => readPlace(url)?.endpoint ?? []));
}

/** Adds every string of a JSON text that is an absolute URL. */
function addUrls(json: string, urls: Set<string>): void {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    return;
  }
  const open: unknown[] = [document];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string' && value.startsWith('http')) urls.add(value);
    else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) open.push(item);
  }
}

function originOf(url: string | undefined): string[] {
  const target = url === undefined ? null : readTarget(url);
  return target ? [target.origin] : [];
}

/** The host of a URL that needs no parser to be told, from its beginning up to the path; null for others. */
function plainHost(url: string): string | null {
  if (!url.startsWith('https://') && !url.startsWith('http://')) return null;
  const start = url.indexOf('//') + 2;
  const end = url.indexOf('/', start);
  const host = end < 0 ? '' : url.slice(start, end);
  return /^[a-z0-9.-]+$/.test(host) ? host : null;
}

function mayBePage({ resourceType }: Exchange): boolean {
  return resourceType === null || resourceType === 'document';
}
