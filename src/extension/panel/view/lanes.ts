import type { Role } from '../../../story/model.ts';
import { strings } from '../strings.ts';
import type { StoryIndex } from './story-index.ts';
import { host, path } from './words.ts';

export type LaneKind = 'page' | 'server' | 'authorization-server' | 'model';

/** A party that takes part. */
export interface Lane {
  readonly kind: LaneKind;
  /** What it is called above its lane: short, and different from its neighbours. */
  readonly name: string;
  /** What it is, in full. */
  readonly title: string;
}

export interface Lanes {
  /** From left to right. */
  readonly all: readonly Lane[];
  /** Between whom an exchange went, as indices in `all`. */
  between(role: Role | null): readonly [from: number, to: number];
  /** Several MCP servers or issuers took part: rows then say which. */
  readonly crowded: boolean;
}

/** More servers, or issuers, than this share one lane. */
const most = 3;

/** The parties of a story, each with a lane of its own as long as there is room. */
export function lanesOf(index: StoryIndex): Lanes {
  const { story } = index;
  const parties = partiesOf(index);
  const all: Lane[] = [{ kind: 'page', name: strings.flow.lanes.page, title: strings.flow.laneNames.page }];
  const at = new Map<string, number>();
  const add = (kind: 'server' | 'authorization-server', urls: readonly string[]): number => {
    const first = all.length;
    const [only] = urls;
    const word = strings.flow.lanes[kind];
    if (urls.length > most) all.push({ kind, name: strings.flow.several(word, urls.length), title: urls.join('\n') });
    else if (urls.length === 1 && only !== undefined) {
      all.push({ kind, name: word, title: `${strings.flow.laneNames[kind]} ${only}` });
    } else {
      const names = shortNames(urls);
      for (const [place, url] of urls.entries()) {
        at.set(`${kind} ${url}`, all.length);
        all.push({ kind, name: names[place] ?? url, title: `${strings.flow.laneNames[kind]} ${url}` });
      }
    }
    return all.length === first ? -1 : first;
  };
  const server = add('server', [...parties.servers]);
  let issuer = add('authorization-server', [...parties.issuers]);
  if (issuer < 0 && parties.unknownIssuer) {
    issuer = all.length;
    all.push({
      kind: 'authorization-server',
      name: strings.flow.lanes['authorization-server'],
      title: strings.flow.laneNames['authorization-server'],
    });
  }
  const model = parties.model ? all.length : 0;
  if (parties.model) all.push({ kind: 'model', name: strings.flow.lanes.model, title: strings.flow.laneNames.model });
  return {
    all,
    crowded: story.servers.length > 1 || story.authorizationServers.length > 1,
    between(role) {
      switch (laneKind(role)) {
        case 'page':
          return [0, 0];
        case 'server':
          return [0, at.get(`server ${role?.server}`) ?? Math.max(0, server)];
        case 'model':
          return [0, model];
        case 'authorization-server': {
          const lane = at.get(`authorization-server ${role?.issuer}`) ?? Math.max(0, issuer);
          return role?.kind === 'authorization-response' ? [lane, 0] : [0, lane];
        }
      }
    },
  };
}

function partiesOf({ story }: StoryIndex) {
  const servers = new Set(story.servers.map(({ url }) => url));
  const issuers = new Set<string>();
  let unknownIssuer = false;
  let model = false;
  for (const role of story.rolesBesideCalls.values()) {
    const kind = laneKind(role);
    if (kind === 'model') model = true;
    else if (kind === 'authorization-server') {
      if (role.issuer === null) unknownIssuer = true;
      else issuers.add(role.issuer);
    }
  }
  return { servers, issuers, unknownIssuer, model };
}

function laneKind(role: Role | null): LaneKind {
  switch (role?.kind) {
    case undefined:
    case 'client-id-metadata-document':
      return 'page';
    case 'mcp':
    case 'protected-resource-metadata':
      return 'server';
    case 'model':
      return 'model';
    default:
      return 'authorization-server';
  }
}

/** Names as short as tells the URLs apart: the first label of the host, else the port, else the end of the path. */
function shortNames(urls: readonly string[]): string[] {
  const hosts = urls.map(host);
  const names = [hosts.map((name) => name.split('.')[0] ?? name), hosts.map(port), urls.map(lastSegment), urls];
  return [...(names.find((list) => new Set(list).size === urls.length && !list.includes('')) ?? urls)];
}

function port(name: string): string {
  const colon = name.lastIndexOf(':');
  return colon < 0 || name.endsWith(']') ? '' : name.slice(colon);
}

function lastSegment(url: string): string {
  return (
    path(url)
      .split('/')
      .findLast((segment) => segment !== '') ?? ''
  );
}
