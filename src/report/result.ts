import type { Outcome } from '../rules/outcome.ts';

/**
 * The result of an analysis: plain JSON, schema `mcp-auth-inspector/result/1`.
 * The panel, every report and the command line are projections of it.
 */
export interface Result {
  readonly schema: 'mcp-auth-inspector/result/1';
  readonly tool: { readonly name: 'mcp-auth-inspector'; readonly version: string };
  readonly source: ResultSource;
  readonly story: ResultStory;
  readonly outcomes: readonly Outcome[];
  readonly summary: Summary;
}

export interface ResultSource {
  readonly name: string;
  readonly creator: string;
  readonly entries: number;
  /** RFC 3339; null when no entry has a time. */
  readonly firstStarted: string | null;
  readonly lastFinished: string | null;
  readonly problems: readonly { readonly entry: number; readonly field: string; readonly problem: string }[];
  readonly redacted: boolean;
}

export interface ResultStory {
  readonly servers: readonly ResultServer[];
  readonly authorizationServers: readonly {
    readonly issuer: string;
    readonly scopesSupported: readonly string[] | null;
    readonly codeChallengeMethods: readonly string[] | null;
  }[];
  readonly clients: readonly {
    readonly clientId: string;
    readonly issuer: string;
    readonly registration: 'dcr' | 'cimd' | 'pre-registered' | 'unknown';
    readonly grantTypes: readonly string[] | null;
  }[];
  readonly grants: readonly ResultGrant[];
  readonly tokens: readonly ResultToken[];
  readonly recoveries: readonly ResultRecovery[];
}

export interface ResultServer {
  readonly url: string;
  readonly specVersion: string | null;
  readonly specVersionFrom: 'header' | 'meta' | 'initialize' | 'option' | 'unknown';
  readonly issuers: readonly string[];
  readonly calls: number;
}

export interface ResultGrant {
  readonly id: string;
  readonly server: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly cause: 'initial' | '401' | 'step-up' | 'user' | 'unknown';
  readonly requested: readonly string[] | null;
  readonly granted: readonly string[] | null;
  readonly refreshToken: boolean | null;
  readonly entries: {
    readonly authorize: number | null;
    readonly callback: number | null;
    readonly token: number | null;
    readonly refreshes: readonly number[];
  };
}

export interface ResultToken {
  readonly id: string;
  readonly kind: 'access' | 'refresh' | 'id';
  readonly format: 'jwt' | 'opaque';
  readonly grant: string | null;
  readonly scope: readonly string[] | null;
  readonly issuedAt: string | null;
  readonly expiresAt: string | null;
  /** Entries whose request carried it. */
  readonly uses: readonly number[];
}

export interface ResultRecovery {
  readonly entry: number;
  readonly status: 401 | 403;
  readonly how: 'silent-refresh' | 'step-up' | 'sign-in' | 'surfaced' | 'none' | 'unknown';
  /** From the challenge to the answer of the retry, milliseconds; null without a retry. */
  readonly ms: number | null;
  readonly entries: readonly number[];
}

export interface Summary {
  readonly fail: { readonly error: number; readonly warning: number; readonly note: number };
  readonly pass: number;
  readonly open: number;
  readonly informational: number;
  readonly notApplicable: number;
}
