/** SARIF 2.1.0 `result.kind`, without `review`. */
export type Kind = 'pass' | 'fail' | 'open' | 'informational' | 'notApplicable';
/** SARIF 2.1.0 `result.level`; `none` unless kind is `fail`. */
export type Level = 'error' | 'warning' | 'note' | 'none';
export type Party = 'client' | 'server' | 'authorization-server';

export interface Outcome {
  readonly rule: string;
  readonly kind: Kind;
  readonly level: Level;
  readonly party: Party;
  /** URL of the MCP server it is about, else the issuer. */
  readonly subject: string;
  /** One sentence, in the user's words, with the values. */
  readonly message: string;
  /** The first names the culprit. */
  readonly evidence: readonly Evidence[];
  /** Only when `open`: what would decide it. */
  readonly missing?: readonly string[];
  readonly spec: readonly string[];
  readonly fix: string;
}

export interface Evidence {
  readonly entry: number;
  /** `request.url`, `request.headers.<name>`, `request.postData`, `response.status`, `response.headers.<name>`, `response.content` or `timings`. */
  readonly part: string;
  /** UTF-16 offsets in the part, end exclusive. */
  readonly range?: readonly [number, number];
  readonly note: string;
}
