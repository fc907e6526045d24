import type { Exchange } from '../exchange/exchange.ts';
import { type HarStreamReading, readHarStream, type StreamOptions } from '../exchange/har-stream.ts';
import { OrdinaryExchange } from '../exchange/ordinary-exchange.ts';
import { carriersOf } from '../exchange/ordinary-search.ts';
import { readTarget } from '../protocol/url.ts';
import { StoryBuilder } from '../story/builder.ts';
import type { Story } from '../story/model.ts';
import type { Analysis } from './analysis.ts';
import { type AnalyzeOptions, analysisOf, isMarkedRedacted, revisionOf } from './analyze.ts';

/**
 * Analyses a HAR document as it streams by (UTF-8 bytes), with the same outcomes as `analyze` has for the
 * parsed document, and a memory that grows with the story, not with the file. Never rejects for
 * what the bytes say; what could not be read is in `source.problems`.
 */
export async function analyzeStream(
  source: AsyncIterable<Uint8Array>,
  options: AnalyzeOptions & StreamOptions,
): Promise<Analysis> {
  const reading = await readHarStream(source, options);
  const { creator, problems, log } = reading;
  const draft = new Draft(reading, new StoryBuilder({ revision: revisionOf(options) }));
  const about = { creator, problems, log, options, redacted: isMarkedRedacted(log) };
  for (;;) {
    const story = draft.story();
    const asked = new Set<string>();
    // Rules ask for the places of secrets by name: only then is it known what to look for.
    const listening: Story = Object.create(story, {
      sightings: {
        enumerable: true,
        value: (secret: string, beside?: (endpoint: string) => boolean) => {
          asked.add(secret);
          return story.sightings(secret, beside);
        },
      },
    });
    const analysis = analysisOf(listening, draft.exchanges, about);
    if (!draft.recallCarriers(asked)) return { ...analysis, story };
  }
}

/** The story of the exchanges that can matter, and of those ordinary ones that it turns out to concern. */
class Draft {
  readonly exchanges: Exchange[];
  readonly #reading: HarStreamReading;
  readonly #builder: StoryBuilder;
  readonly #recalled = new Set<OrdinaryExchange>();
  readonly #asked = new Set<string>();

  constructor(reading: HarStreamReading, builder: StoryBuilder) {
    this.#reading = reading;
    this.#builder = builder;
    this.exchanges = [...reading.exchanges];
    let last: OrdinaryExchange | null = null;
    for (const exchange of this.exchanges) {
      if (!(exchange instanceof OrdinaryExchange)) builder.add(exchange);
      else if (last === null || exchange.answered > last.answered) last = exchange;
    }
    // The story ends with the log's last answer, whoever's it is.
    if (last) this.#recall([last]);
  }

  /** The story with every ordinary exchange at one of its endpoints. */
  story(): Story {
    for (;;) {
      const story = this.#builder.story();
      if (!this.#recall(this.#atEndpoints(story))) return story;
    }
  }

  /** Takes in the exchanges that carry a secret not asked for before; false when there are none. */
  recallCarriers(secrets: ReadonlySet<string>): boolean {
    const fresh = [...secrets].filter((secret) => !this.#asked.has(secret));
    for (const secret of fresh) this.#asked.add(secret);
    return this.#recall(carriersOf(fresh, this.#reading.ordinary, this.#reading.ordinaryExchanges));
  }

  #recall(exchanges: readonly OrdinaryExchange[]): boolean {
    const entries = this.#reading.log?.entries;
    let isAny = false;
    for (const ordinary of exchanges) {
      if (this.#recalled.has(ordinary)) continue;
      this.#recalled.add(ordinary);
      isAny = true;
      const whole = ordinary.whole();
      this.exchanges[ordinary.entry] = whole;
      if (Array.isArray(entries)) entries[ordinary.entry] = ordinary.raw();
      this.#builder.add(whole);
    }
    return isAny;
  }

  #atEndpoints(story: Story): OrdinaryExchange[] {
    const endpoints = endpointsOf(story);
    const pageOrigins = new Set(story.grants.flatMap(({ authorization }) => originOf(authorization?.exchange.url)));
    for (const { issuer } of story.authorizationServers) for (const origin of originOf(issuer)) pageOrigins.add(origin);
    const hosts = new Set([...endpoints, ...pageOrigins].flatMap((url) => readTarget(url)?.host ?? []));
    const { ordinary: all, ordinaryExchanges } = this.#reading;
    const isOurs = all.authorities.map((authority) => {
      const host = plainHost(authority);
      return host === null || hosts.has(host);
    });
    return ordinaryExchanges.filter((ordinary) => {
      if (isOurs[all.authority(ordinary.index)] !== true || this.#recalled.has(ordinary)) return false;
      const target = readTarget(ordinary.url);
      if (!target) return false;
      return endpoints.has(target.endpoint) || (pageOrigins.has(target.origin) && mayBePage(ordinary));
    });
  }
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
  return new Set([...urls].flatMap((url) => readTarget(url)?.endpoint ?? []));
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
