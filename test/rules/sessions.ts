import { type Traffic, type TrafficOptions, traffic } from '../traffic/traffic.ts';

export const HOUR = 3_600_000;
export const RT1 = 'refresh-token-one-0001';
export const R_OA = 'r offline_access';
/** An authorization request that asks for everything a client should. */
export const RENEWED = { scope: R_OA, prompt: 'consent' } as const;
/** The authorization server refuses the refresh token for good. */
export const DEAD = { status: 400, error: 'invalid_grant' } as const;
export const EVERY_REVISION = ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'] as const;

/** Discovery and registration; the authorization server offers `offline_access`. */
export function discovered(options: TrafficOptions = {}): Traffic {
  return began(options)
    .challenge({ scope: 'r' })
    .prm({ scopes: ['r'] })
    .asm({ scopes: ['r', 'offline_access'] })
    .reg();
}

/** Signed in with a refresh token; nothing to find fault with. */
export function signedIn(options: TrafficOptions = {}): Traffic {
  return discovered(options).az(RENEWED).tk({ scope: R_OA, refresh: RT1 }).call('tools/list');
}

/** Signed in, the token has run out, and the model has asked for `search`. */
export function asked(options: TrafficOptions = {}): Traffic {
  return signedIn(options).wait(HOUR).ask('search', 'call_1');
}

/** Signed in for these scopes; the authorization server has no `offline_access`, and gives no refresh token. */
export function granted(requested: string, options: TrafficOptions = {}, answered: string | null = requested): Traffic {
  const log = began(options)
    .challenge({ scope: 'r' })
    .prm()
    .asm({ scopes: ['r', 'w', 'x'] })
    .reg();
  return log.az({ scope: requested }).tk({ scope: answered }).call('tools/list');
}

/** The renewed authorization request (named AZ) and its token response. */
export function renewed(log: Traffic, scope: string | null, answered: string | null = scope): Traffic {
  return log.az({ scope }).as('AZ').tk({ scope: answered });
}

/** Only the answer to `initialize` tells 2025-03-26: its requests have no version header. */
function began(options: TrafficOptions): Traffic {
  const log = traffic(options);
  return options.revision === '2025-03-26' ? log.call('initialize', { token: null }) : log;
}
