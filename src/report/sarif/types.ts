/** The part of SARIF 2.1.0 that the report writes; names and shapes are the standard's. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly Run[];
}

export interface Run {
  readonly tool: { readonly driver: ToolComponent };
  readonly columnKind: 'utf16CodeUnits';
  readonly artifacts: readonly [{ readonly location: ArtifactLocation; readonly mimeType: 'application/json' }];
  readonly results: readonly SarifResult[];
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface ToolComponent {
  readonly name: string;
  readonly version: string;
  readonly semanticVersion: string;
  readonly rules: readonly ReportingDescriptor[];
}

export interface ReportingDescriptor {
  readonly id: string;
  readonly shortDescription: Message;
  readonly fullDescription: Message;
  readonly help: Message & { readonly markdown: string };
  readonly helpUri?: string;
  readonly defaultConfiguration: { readonly level: 'error' | 'warning' | 'note' };
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Message {
  readonly text: string;
}

export interface ArtifactLocation {
  readonly uri: string;
  readonly index?: number;
}

export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: 'pass' | 'fail' | 'open' | 'informational' | 'notApplicable';
  readonly level: 'error' | 'warning' | 'note' | 'none';
  readonly message: Message;
  readonly locations: readonly Location[];
  readonly relatedLocations?: readonly Location[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly baselineState?: 'new' | 'unchanged';
  readonly suppressions?: readonly { readonly kind: 'external'; readonly justification: string }[];
  readonly webRequest?: WebRequest;
  readonly webResponse?: WebResponse;
  readonly codeFlows?: readonly CodeFlow[];
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Location {
  readonly id?: number;
  readonly physicalLocation: {
    readonly artifactLocation: ArtifactLocation;
    readonly region?: Readonly<Record<string, number>>;
  };
  readonly logicalLocations?: readonly { readonly fullyQualifiedName: string; readonly kind: string }[];
  readonly message?: Message;
}

export interface CodeFlow {
  readonly message: Message;
  readonly threadFlows: readonly [{ readonly id: string; readonly locations: readonly ThreadFlowLocation[] }];
}

export interface ThreadFlowLocation {
  readonly location: Location;
  readonly executionOrder: number;
  readonly executionTimeUtc?: string;
  readonly importance: 'essential' | 'important' | 'unimportant';
  readonly webRequest: WebRequest;
  readonly webResponse: WebResponse;
}

export interface WebRequest {
  readonly protocol: string;
  readonly target: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: { readonly text: string };
}

export interface WebResponse {
  readonly protocol: string;
  readonly statusCode?: number;
  readonly reasonPhrase?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: { readonly text: string };
  readonly noResponseReceived: boolean;
}
