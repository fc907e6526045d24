import type { AuthProvider } from './auth-provider.ts';
import type { ToolDescription } from './completions.ts';
import type { ChatSettings } from './settings.ts';

/** What a tool answered. */
export interface ToolResult {
  readonly text: string;
  readonly failed: boolean;
}

/** One MCP connection of an official client SDK. */
export interface McpSession {
  connect(): Promise<void>;
  tools(): Promise<ToolDescription[]>;
  call(name: string, input: Record<string, unknown>): Promise<ToolResult>;
  /** Redeems the authorization response (RFC 6749 section 4.1.3). */
  finishAuthorization(response: URLSearchParams): Promise<void>;
  /** Whether the error means that the SDK has sent the user to the authorization server. */
  needsUser(error: unknown): boolean;
  close(): Promise<void>;
}

/** An official client SDK as the chat uses it. */
export interface ClientSdk {
  readonly name: string;
  readonly packageName: string;
  open(settings: ChatSettings, provider: AuthProvider): McpSession;
}

/** The text of a tool's content, whatever else it holds. */
export function textOf(content: unknown): string {
  if (!Array.isArray(content)) return '';
  return content.map((part) => (part?.type === 'text' ? String(part.text) : `[${part?.type}]`)).join('\n');
}
