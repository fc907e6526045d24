import type { Browser } from 'puppeteer-core';
import { type Lab, type LabPorts, startLab } from './lab.ts';
import type { LabOptions } from './options.ts';
import type { ChatSettings } from './pages/settings.ts';
import type { PageName } from './pages.ts';
import { type Manner, User } from './user.ts';

/** A page driven to its end in a laboratory set up for it. */
export interface Scenario {
  readonly about: string;
  readonly page: PageName;
  readonly lab: Partial<LabOptions>;
  readonly client: Partial<ChatSettings>;
  run(user: User, lab: Lab): Promise<void>;
}

/** What a network between page and authorization server would take, in milliseconds. */
const latency = 150;
const shortLived = { accessTokenTtl: 5 } as const;
const popup = { signIn: 'popup' } as const;

async function signIn(user: User): Promise<void> {
  await user.signIn();
}

async function basic(user: User): Promise<void> {
  await user.signIn();
  await user.ask('Please call whoami');
}

async function expiry(user: User): Promise<void> {
  await basic(user);
  await user.outwaitToken();
  await user.ask('Please call echo');
}

/** Two expiries, so that a refresh token that a refresh replaced is asked for too. */
async function twoExpiries(user: User): Promise<void> {
  await expiry(user);
  await user.outwaitToken();
  await user.ask('Please call echo');
}

async function stepUp(user: User): Promise<void> {
  await basic(user);
  await user.ask('Please call admin_reset');
  await user.ask('Please call whoami');
}

async function tour(user: User): Promise<void> {
  await expiry(user);
  await user.ask('Please call admin_reset');
  await user.ask('Please call whoami');
}

/** The MCP server moves to another authorization server while the user is signed in. */
async function migration(user: User, lab: Lab): Promise<void> {
  await basic(user);
  await lab.migrate();
  await user.ask('Please call echo');
}

const revoked = { ...shortLived, refreshFailsAfter: 0 } as const;
const always = { refreshTokens: 'always' } as const;
const noCors = { registrationCors: false } as const;
const hidden = { exposeChallenge: false } as const;
const otherMetadataIssuer = { metadataIssuer: 'other' } as const;
const otherResponseIssuer = { responseIssuer: 'other' } as const;
const otherResource = { metadataResource: 'other' } as const;

type Setting = (
  about: string,
  run: Scenario['run'],
  lab?: Partial<LabOptions>,
  client?: Partial<ChatSettings>,
) => Scenario;

/** Scenarios of one client page against one server SDK. */
const on =
  (page: PageName, serverSdk: LabOptions['serverSdk'], ours: Partial<ChatSettings> = {}): Setting =>
  (about, run, lab = {}, client = {}) => ({
    about,
    page,
    lab: { serverSdk, ...lab },
    client: { ...ours, ...client },
    run,
  });

const v1 = on('chat-v1', 'v1');
const v2 = on('chat-v2', 'v2');
const useMcp = on('chat-usemcp', 'v1');
/** Its pop-ups are blocked, and the page goes to the address that the hook gives for this. */
const useMcpBlocked = on('chat-usemcp', 'v1', { signIn: 'redirect' });
const inWorker = on('chat-worker', 'v2', popup);
const aiSdk = on('chat-aisdk', 'v1', { credentials: 'provider' });

const first = {
  'v1-tour': v1('SDK v1 through sign-in, expiry and step-up', tour, shortLived),
  'v2-tour': v2('SDK v2 through sign-in, expiry and step-up', tour, shortLived),
  'v1-expiry': v1('SDK v1 never asks for offline_access: each expiry sends the user away', expiry, shortLived),
  'v1-rotation': v1('SDK v1 refreshes twice; each refresh replaces the refresh token', twoExpiries, {
    ...shortLived,
    ...always,
  }),
  'v1-stepup': v1('SDK v1 asks only for the challenged scope and loses the earlier one', stepUp),
  'v1-stepup-rt-always': v1('SDK v1 answers a step-up challenge with a refresh', stepUp, always),
  'v1-no-refresh-grant': v1('The client registers without refresh_token', expiry, shortLived, {
    grantTypes: 'code-only',
  }),
  'v1-refresh-revoked': v1('SDK v1 and a refresh token that was revoked', expiry, { ...revoked, ...always }),
  'v1-www-hidden': v1('CORS hides the challenge from the page', stepUp, hidden),
  'v1-reg-nocors': v1('The registration endpoint does not answer browsers', signIn, noCors),
  'v1-metadata-issuer': v1('The metadata names another issuer', basic, otherMetadataIssuer),
  'v1-response-issuer': v1('The authorization response comes with another iss', basic, otherResponseIssuer),
  'v1-foreign-prm': v1('The protected resource metadata is about another resource', signIn, otherResource),
  'v1-migration': v1('The MCP server moves to another authorization server', migration),
  'v2-redirect-basic': v2('SDK v2 signs in and calls a tool', basic),
  'v2-expiry': v2('SDK v2 refreshes silently', expiry, shortLived),
  'v2-rotation': v2('SDK v2 refreshes twice; each refresh replaces the refresh token', twoExpiries, shortLived),
  'v2-stepup': v2('SDK v2 asks for the union of scopes', stepUp),
  'v2-auto-expiry': v2('SDK v2 on revision 2026-07-28', expiry, shortLived, { negotiation: 'auto' }),
  'v2-auto-stepup-popup': v2(
    'The same through a step-up, with sign-in in a popup',
    stepUp,
    {},
    {
      ...popup,
      negotiation: 'auto',
    },
  ),
  'v2-refresh-revoked': v2('The refresh token was revoked', expiry, revoked),
  'v2-www-hidden': v2('CORS hides the challenge from the page', stepUp, hidden),
  'v2-reg-nocors': v2('The registration endpoint does not answer browsers', signIn, noCors),
  'v2-metadata-issuer': v2('The metadata names another issuer', signIn, otherMetadataIssuer),
  'v2-response-issuer': v2('The authorization response comes with another iss', signIn, otherResponseIssuer),
  'v2-foreign-prm': v2('The protected resource metadata is about another resource', signIn, otherResource),
  'v2-migration': v2('The MCP server moves to another authorization server', migration),
  'usemcp-expiry': useMcp('use-mcp never asks for offline_access: each expiry opens a popup', expiry, shortLived),
  'usemcp-expiry-redirect': useMcpBlocked(
    'The same where pop-ups are blocked, and sign-in is in the tab',
    expiry,
    shortLived,
  ),
  'usemcp-stepup-redirect': useMcpBlocked('A step-up where pop-ups are blocked', stepUp),
  'usemcp-rotation': useMcp('use-mcp refreshes twice; each refresh replaces the refresh token', twoExpiries, {
    ...shortLived,
    ...always,
  }),
  'usemcp-stepup': useMcp('use-mcp drops the scope that was challenged', stepUp),
  'usemcp-refresh-revoked': useMcp('use-mcp keeps a refresh token that was revoked', expiry, { ...revoked, ...always }),
  'usemcp-www-hidden': useMcp('CORS hides the challenge from the page', stepUp, hidden),
  'usemcp-reg-nocors': useMcp('The registration endpoint does not answer browsers', signIn, noCors),
  'usemcp-metadata-issuer': useMcp('The metadata names another issuer', basic, otherMetadataIssuer),
  'usemcp-response-issuer': useMcp('The authorization response comes with another iss', basic, otherResponseIssuer),
  'usemcp-foreign-prm': useMcp('The protected resource metadata is about another resource', signIn, otherResource),
  'usemcp-migration': useMcp('The MCP server moves to another authorization server', migration),
  'aisdk-header-expiry': on('chat-aisdk', 'v1')(
    'The AI SDK page passes its token as a fixed header: the 401 reaches the model',
    expiry,
    { ...always, ...shortLived },
  ),
  'aisdk-expiry': aiSdk('The AI SDK is given no refresh token, and asks for none', expiry, shortLived),
  'aisdk-rotation': aiSdk('The AI SDK refreshes twice; each refresh replaces the refresh token', twoExpiries, {
    ...shortLived,
    ...always,
  }),
  'aisdk-stepup': aiSdk('The AI SDK does nothing about a step-up challenge', stepUp),
  'aisdk-refresh-revoked': aiSdk('The AI SDK and a refresh token that was revoked', expiry, { ...revoked, ...always }),
  'aisdk-www-hidden': aiSdk('CORS hides the challenge from the page', stepUp, hidden),
  'aisdk-reg-nocors': aiSdk('The registration endpoint does not answer browsers', signIn, noCors),
  'aisdk-metadata-issuer': aiSdk('The metadata names another issuer', basic, otherMetadataIssuer),
  'aisdk-response-issuer': aiSdk('The authorization response comes with another iss', basic, otherResponseIssuer),
  'aisdk-foreign-prm': aiSdk('The protected resource metadata is about another resource', signIn, otherResource),
  'aisdk-migration': aiSdk('The MCP server moves to another authorization server', migration),
  'worker-shared': inWorker('SDK v2 in a shared worker, with sign-in in a popup', basic, {}, { worker: 'shared' }),
  'worker-service': inWorker('The same in a service worker', basic, {}, { worker: 'service' }),
  'neg-oidc': {
    about: 'An ordinary OpenID Connect page: no MCP client',
    page: 'neg-oidc',
    lab: {},
    client: {},
    run: signIn,
  },
} satisfies Record<string, Scenario>;

type First = keyof typeof first;

/**
 * The scenarios that are also driven with sign-in in a popup: those that come as far as a sign-in, on pages that let
 * the application choose.
 */
const alsoInPopup = [
  ...(['v1-expiry', 'v1-rotation', 'v1-stepup', 'v1-refresh-revoked', 'v1-www-hidden'] as const),
  ...(['v1-metadata-issuer', 'v1-response-issuer', 'v1-migration'] as const),
  ...(['v2-expiry', 'v2-rotation', 'v2-stepup', 'v2-refresh-revoked', 'v2-www-hidden'] as const),
  ...(['v2-response-issuer', 'v2-migration'] as const),
  ...(['aisdk-expiry', 'aisdk-rotation', 'aisdk-stepup', 'aisdk-refresh-revoked', 'aisdk-www-hidden'] as const),
  ...(['aisdk-response-issuer', 'aisdk-migration'] as const),
] satisfies readonly First[];

type PopupName = `${(typeof alsoInPopup)[number]}-popup`;

const inPopup = (name: First): [string, Scenario] => [
  `${name}-popup`,
  { ...first[name], about: `${first[name].about} (in a popup)`, client: { ...first[name].client, ...popup } },
];

const second = Object.fromEntries(alsoInPopup.map(inPopup)) as Record<PopupName, Scenario>;

/** Names of the scenarios. */
export type ScenarioName = First | PopupName;

/** The scenarios by name. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = { ...first, ...second };

/** Whether a text names a scenario. */
export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(scenarios, name);
}

/**
 * Runs a scenario in the browser's first tab (the one that DevTools belongs to), in a laboratory of its own.
 *
 * @param observe called at the end, while page and laboratory still stand
 * @param ports where the laboratory listens; free ports when left out
 */
export async function runScenario<T>(
  browser: Browser,
  name: ScenarioName,
  observe: (user: User, lab: Lab) => Promise<T>,
  manner: Manner = {},
  ports?: LabPorts,
): Promise<T> {
  const scenario = scenarios[name];
  const lab = await startLab({ latency, ...scenario.lab }, ports);
  try {
    const page = (await browser.pages())[0] ?? (await browser.newPage());
    const user = new User(browser, page, lab, manner);
    await user.open(scenario.page, scenario.client);
    await scenario.run(user, lab);
    return await observe(user, lab);
  } finally {
    await lab.close();
  }
}
