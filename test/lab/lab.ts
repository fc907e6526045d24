import { type AuthorizationServer, startAuthorizationServer } from './authorization-server.ts';
import { type McpServer, startMcpServer } from './mcp-server.ts';
import { type Model, startModel } from './model.ts';
import { defaultOptions, type LabOptions } from './options.ts';
import type { ChatSettings } from './pages/settings.ts';
import { type PageName, type Pages, startPages } from './pages.ts';

/** A running laboratory: authorization server, MCP server, scripted model and client pages, all on 127.0.0.1. */
export interface Lab {
  readonly options: LabOptions;
  readonly authorizationServer: AuthorizationServer;
  readonly mcpServer: McpServer;
  readonly model: Model;
  readonly pages: Pages;
  /** The address of a client page with its settings. */
  pageUrl(page: PageName, settings?: Partial<ChatSettings>): string;
  /** Stops everything. */
  close(): Promise<void>;
}

/** Starts a laboratory on free loopback ports. Settings left out keep their defaults. */
export async function startLab(settings: Partial<LabOptions> = {}): Promise<Lab> {
  const options: LabOptions = { ...defaultOptions, ...settings };
  const started: { close(): Promise<void> }[] = [];
  const close = async () => void (await Promise.all(started.map((part) => part.close())));
  const start = async <T extends { close(): Promise<void> }>(part: Promise<T>): Promise<T> => {
    const running = await part;
    started.push(running);
    return running;
  };
  try {
    let resource = '';
    const authorizationServer = await start(startAuthorizationServer(options, () => resource));
    const mcpServer = await start(startMcpServer(options, authorizationServer.issuer));
    resource = mcpServer.url;
    const model = await start(startModel());
    const pages = await start(startPages());
    const pageUrl = (page: PageName, client: Partial<ChatSettings> = {}): string => {
      const query = { server: mcpServer.url, model: model.url, issuer: authorizationServer.issuer, ...client };
      return `${pages.origin}/${page}?${new URLSearchParams(query)}`;
    };
    return { options, authorizationServer, mcpServer, model, pages, pageUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}
