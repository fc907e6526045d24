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
  readonly outcomes: readonly ResultOutcome[];
  readonly summary: Summary;
  /** What was expected to fail, and whether it still does; only where the configuration expects something. */
  readonly expectations?: readonly ResultExpectation[];
}

/** An outcome with its marks: faults that a baseline holds or a configuration expects are listed, but do not count. */
export interface ResultOutcome extends Outcome {
  /** SARIF 2.1.0 `result.baselineState`; only on faults, only with a baseline. */
  readonly baselineState?: 'new' | 'unchanged';
  /** Only on faults that are expected and whose expectation has not expired. */
  readonly expected?: { readonly reason: string; readonly expires: string | null };
}

export interface ResultExpectation {
  readonly rule: string;
  /** The subject it is limited to; null: every one. */
  readonly server: string | null;
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`; null: without end. */
  readonly expires: string | null;
  /**
   * `happens`: the fault is there, and expected. `expired`: it is there and counts again.
   * `undecided`: the recording does not show enough to tell. `gone`: it did not happen.
   */
  readonly state: 'happens' | 'expired' | 'undecided' | 'gone';
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
