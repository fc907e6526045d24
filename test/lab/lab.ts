import { type AuthorizationServer, startAuthorizationServer } from './authorization-server.ts';
import { type McpServer, startMcpServer } from './mcp-server.ts';
import { type Model, startModel } from './model.ts';
import { defaultOptions, type LabOptions } from './options.ts';
import type { ChatSettings } from './pages/settings.ts';
import { type PageName, type Pages, startPages } from './pages.ts';

/** A running laboratory: authorization server, MCP server, scripted model and client pages, all on 127.0.0.1. */
export interface Lab {
  readonly options: LabOptions;
  /** The one that the MCP server trusts. */
  readonly authorizationServer: AuthorizationServer;
  readonly mcpServer: McpServer;
  readonly model: Model;
  readonly pages: Pages;
  /** The address of a client page with its settings. */
  pageUrl(page: PageName, settings?: Partial<ChatSettings>): string;
  /** Whether an address is of an authorization server of this laboratory, past or present. */
  isAuthorizationPage(url: string): boolean;
  /** Moves the MCP server to a second authorization server; the first one lives on, but its tokens are refused. */
  migrate(): Promise<void>;
  /** Stops everything. */
  close(): Promise<void>;
}

/** Where the parts listen; 0 takes a free port. */
export interface LabPorts {
  readonly authorizationServer: number;
  readonly secondAuthorizationServer: number;
  readonly mcpServer: number;
  readonly model: number;
  readonly pages: number;
}

const freePorts: LabPorts = {
  authorizationServer: 0,
  secondAuthorizationServer: 0,
  mcpServer: 0,
  model: 0,
  pages: 0,
};

/** Starts a laboratory on the loopback interface, at free ports unless told. Settings left out keep their defaults. */
export async function startLab(settings: Partial<LabOptions> = {}, ports = freePorts): Promise<Lab> {
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
    const startIssuer = (port: number) => start(startAuthorizationServer(options, () => resource, port));
    const first = await startIssuer(ports.authorizationServer);
    const issuers = [first];
    const mcpServer = await start(startMcpServer(options, first.issuer, ports.mcpServer));
    resource = mcpServer.url;
    const model = await start(startModel(ports.model));
    const pages = await start(startPages(ports.pages));
    const pageUrl = (page: PageName, client: Partial<ChatSettings> = {}): string => {
      const query = { server: mcpServer.url, model: model.url, issuer: first.issuer, ...client };
      return `${pages.origin}/${page}?${new URLSearchParams(query)}`;
    };
    const migrate = async () => {
      const second = await startIssuer(ports.secondAuthorizationServer);
      issuers.push(second);
      mcpServer.trust(second.issuer);
    };
    return {
      options,
      get authorizationServer() {
        return issuers.at(-1) ?? first;
      },
      mcpServer,
      model,
      pages,
      pageUrl,
      isAuthorizationPage: (url) => issuers.some(({ issuer }) => url.startsWith(`${issuer}/`)),
      migrate,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
