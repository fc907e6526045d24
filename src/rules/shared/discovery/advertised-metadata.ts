import { urlKey } from '../../../protocol/url.ts';
import type { Call, Server } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import type { Evidence } from '../../outcome.ts';
import { quoted } from '../evidence/document.ts';
import { evidence } from '../evidence/evidence.ts';

/** A metadata URL that a server's challenges name (RFC 9728 section 5.1). */
export interface AdvertisedMetadata {
  /** To compare by. */
  readonly key: string;
  readonly url: string;
  /** The first challenge that names it. */
  readonly call: Call;
}

/** Every metadata URL that a server's refusals name, each once, by time. */
export const advertisedMetadata = oncePer((server: Server): readonly AdvertisedMetadata[] => {
  const found = new Map<string, AdvertisedMetadata>();
  for (const call of server.refused) {
    const url = call.challenge?.resourceMetadata;
    if (!url) continue;
    const key = urlKey(url);
    if (!found.has(key)) found.set(key, { key, url, call });
  }
  return [...found.values()];
});

/** The challenge's `resource_metadata`, or the refusal where it names none. */
export function advertisementOf({ exchange, challenge, status }: Call): Evidence {
  if (!challenge?.resourceMetadata) return evidence(exchange, 'response.status', `${status}, no resource_metadata`);
  const note = quoted(`${status}, resource_metadata="${challenge.resourceMetadata}"`);
  return evidence(exchange, 'response.headers.www-authenticate', note, challenge.resourceMetadataRange);
}
