import type { ToolDescription } from '../completions.ts';
import type { ToolResult } from '../session.ts';
import type { ChatSettings } from '../settings.ts';

/** What the page asks of the worker in which its MCP client lives. */
export interface WorkerCall {
  /** One connection of the client; the worker may hold several. */
  readonly connection: string;
  readonly settings: ChatSettings;
  /** Credentials and what else the provider keeps: workers have no Web Storage. */
  readonly kept: { readonly [name: string]: unknown };
  readonly deed: 'connect' | 'tools' | 'call' | 'finishAuthorization' | 'close';
  readonly name?: string;
  readonly input?: Record<string, unknown>;
  /** The query of the authorization response. */
  readonly response?: string;
}

export interface WorkerAnswer {
  readonly kept: { readonly [name: string]: unknown };
  /** The authorization request that the user must be sent to; only a page can. */
  readonly authorize: string | null;
  readonly result?: ToolDescription[] | ToolResult;
  readonly error?: string;
  readonly needsUser?: boolean;
}
