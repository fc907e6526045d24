import { urlKey } from '../../../protocol/url.ts';
import { isHeeded } from '../../../story/heeded.ts';
import type { Call, Discovery, Server, Story } from '../../../story/model.ts';
import { lastUnauthorized, type metadataFetches } from '../../../story/resource-documents.ts';
import { type SignInStep, signInSteps } from '../../../story/sign-in-steps.ts';
import { type AdvertisedMetadata, advertisedMetadata } from './advertised-metadata.ts';

/** What a client fetched of a server's metadata between a 401 and its next step at an authorization server. */
export interface MetadataSearch {
  readonly server: Server;
  /** The 401 that the first fetch followed. */
  readonly challenge: Call;
  /** The metadata URLs that the server's challenges had named by then. */
  readonly advertised: readonly AdvertisedMetadata[];
  /** Not empty, in time order. */
  readonly fetches: readonly Discovery[];
  readonly next: SignInStep | null;
}

/**
 * Every search for a server's metadata that a 401 set off. What was fetched before the 401 (eager discovery),
 * and after a sign-in began (the page was loaded anew), is none.
 */
export function metadataSearches(
  story: Story,
  server: Server,
  all: ReturnType<typeof metadataFetches>,
): MetadataSearch[] {
  const advertised = advertisedMetadata(server);
  const fetches = (all.get(server.url) ?? []).filter((fetch) => isForServer(server, advertised, fetch));
  const steps = signInSteps(story, server);
  const searches: MetadataSearch[] = [];
  let next = 0;
  for (let index = 0; index < fetches.length; ) {
    const first = fetches[index];
    if (!first) break;
    while ((steps[next]?.exchange.sent ?? Number.POSITIVE_INFINITY) <= first.exchange.sent) next += 1;
    const until = steps[next]?.exchange.sent ?? Number.POSITIVE_INFINITY;
    const from = index;
    while (index < fetches.length && (fetches[index]?.exchange.sent ?? 0) < until) index += 1;
    const search = searchOf(fetches.slice(from, index), steps[next - 1] ?? null);
    if (search) searches.push({ ...search, next: steps[next] ?? null });
  }
  return searches;

  function searchOf(segment: readonly Discovery[], before: SignInStep | null): Omit<MetadataSearch, 'next'> | null {
    const kept = segment.flatMap((fetch) => (lastUnauthorized(server, fetch.exchange.sent) ? [fetch] : []));
    const [first] = kept;
    const challenge = first ? lastUnauthorized(server, first.exchange.sent) : null;
    if (!first || !challenge || (before && challenge.exchange.answered < before.exchange.sent)) return null;
    const known = advertised.filter(({ call }) => isHeeded(call.exchange, first.exchange.sent));
    return { server, challenge, advertised: known, fetches: kept };
  }
}

/** A place that several servers share says nothing of one of them, once another was refused too. */
function isForServer(
  server: Server,
  advertised: readonly AdvertisedMetadata[],
  { exchange, servers }: Discovery,
): boolean {
  if (servers.length < 2 || advertised.some(({ key }) => key === urlKey(exchange.url))) return true;
  return servers.every((other) => other === server || lastUnauthorized(other, exchange.sent) === null);
}
