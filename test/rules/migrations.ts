import { ISSUER, type Traffic, type TrafficOptions } from '../traffic/traffic.ts';
import { discovered, OTHER_ISSUER, register } from './registrations.ts';

export const OLD_ID = 'client-of-the-first-0001';
export const NEW_ID = 'client-of-the-second-0002';

/** Registered and signed in at the first authorization server; then the server names the second. */
export function migrated(options: TrafficOptions = {}, registered = true): Traffic {
  const log = discovered({}, options);
  if (registered) register(log, { clientId: OLD_ID });
  log.as('REG').az({ clientId: OLD_ID, scope: 'r' }).tk({ refresh: 'refresh-token-old-0001' }).call('tools/list');
  return log
    .expired('tools/list')
    .prm({ issuers: [OTHER_ISSUER] })
    .as('PRM')
    .asm({ issuer: OTHER_ISSUER });
}

export const REGISTERED_ANEW = { clientId: NEW_ID, url: `${OTHER_ISSUER}/register` } as const;
export const FIRST = ISSUER;
