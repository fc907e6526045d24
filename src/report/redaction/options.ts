/** How much is taken out: `full` secrets and personal data, `tokens` credentials only, `none` nothing. */
export type RedactionLevel = 'full' | 'tokens' | 'none';

export interface RedactionOptions {
  readonly level: RedactionLevel;
  /** Tool arguments, tool results and messages to a model stay readable. */
  readonly conversation: boolean;
  /** Entries outside the story keep their content, redacted. */
  readonly allContent: boolean;
}

export const defaultRedaction: RedactionOptions = { level: 'full', conversation: false, allContent: false };
