import { authorizationServerMetadataUrls } from '../../../protocol/metadata.ts';
import { documentKey } from '../../../protocol/url.ts';
import type { Discovery, Story } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';

/** Fetches of authorization server metadata by place (`documentKey`), each list in time order. */
export const issuerFetches = oncePer((story: Story): ReadonlyMap<string, readonly Discovery[]> => {
  const byPlace = new Map<string, Discovery[]>();
  for (const fetch of story.discovery) {
    if (fetch.kind === 'protected-resource') continue;
    const place = documentKey(fetch.exchange.url);
    const there = byPlace.get(place);
    if (there) there.push(fetch);
    else byPlace.set(place, [fetch]);
  }
  return byPlace;
});

/** The places where an issuer's metadata may be, in the order of the MCP specification, with the fetches of each. */
export function candidatesOf(
  issuer: string,
  fetches: ReadonlyMap<string, readonly Discovery[]>,
): readonly { readonly url: string; readonly fetches: readonly Discovery[] }[] {
  return authorizationServerMetadataUrls(issuer).map((url) => ({ url, fetches: fetches.get(documentKey(url)) ?? [] }));
}
