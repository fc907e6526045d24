import type { Browser } from 'puppeteer-core';
import { type Lab, startLab } from './lab.ts';
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
  run(user: User): Promise<void>;
}

/** What a network between page and authorization server would take, in milliseconds. */
const latency = 150;
const shortLived = { accessTokenTtl: 5 } as const;
const popup = { signIn: 'popup' } as const;

async function basic(user: User): Promise<void> {
  await user.signIn();
  await user.ask('Please call whoami');
}

async function expiry(user: User): Promise<void> {
  await basic(user);
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

const v1 = (about: string, run: Scenario['run'], lab: Partial<LabOptions> = {}, client: Partial<ChatSettings> = {}) =>
  ({ about, page: 'chat-v1', lab: { serverSdk: 'v1', ...lab }, client, run }) satisfies Scenario;

const v2 = (about: string, run: Scenario['run'], lab: Partial<LabOptions> = {}, client: Partial<ChatSettings> = {}) =>
  ({ about, page: 'chat-v2', lab: { serverSdk: 'v2', ...lab }, client, run }) satisfies Scenario;

const all = {
  'v1-tour': v1('SDK v1 through sign-in, expiry and step-up', tour, shortLived),
  'v2-tour': v2('SDK v2 through sign-in, expiry and step-up', tour, shortLived),
  'v1-expiry': v1('SDK v1 never asks for offline_access: each expiry sends the user away', expiry, shortLived),
  'v1-expiry-popup': v1('The same, with sign-in in a popup', expiry, shortLived, popup),
  'v1-stepup': v1('SDK v1 asks only for the challenged scope and loses the earlier one', stepUp),
  'v1-stepup-popup': v1('The same, with sign-in in a popup', stepUp, {}, popup),
  'v1-stepup-rt-always': v1('SDK v1 answers a step-up challenge with a refresh', stepUp, { refreshTokens: 'always' }),
  'v1-no-refresh-grant': v1('The client registers without refresh_token', expiry, shortLived, {
    grantTypes: 'code-only',
  }),
  'v1-www-hidden': v1('CORS hides the challenge from the page', stepUp, { exposeChallenge: false }),
  'v2-redirect-basic': v2('SDK v2 signs in and calls a tool', basic),
  'v2-expiry': v2('SDK v2 refreshes silently', expiry, shortLived),
  'v2-expiry-popup': v2('The same, with sign-in in a popup', expiry, shortLived, popup),
  'v2-stepup': v2('SDK v2 asks for the union of scopes', stepUp),
  'v2-stepup-popup': v2('The same, with sign-in in a popup', stepUp, {}, popup),
  'v2-auto-expiry': v2('SDK v2 on revision 2026-07-28', expiry, shortLived, { negotiation: 'auto' }),
  'v2-refresh-revoked': v2('The refresh token was revoked', expiry, { ...shortLived, refreshFailsAfter: 0 }),
  'v2-reg-nocors': v2('The registration endpoint does not answer browsers', (user) => user.signIn(), {
    registrationCors: false,
  }),
  'aisdk-header-expiry': {
    about: 'The AI SDK page passes its token as a fixed header: the 401 reaches the model',
    page: 'chat-aisdk',
    lab: { serverSdk: 'v1', refreshTokens: 'always', ...shortLived },
    client: {},
    run: expiry,
  },
  'neg-oidc': {
    about: 'An ordinary OpenID Connect page: no MCP client',
    page: 'neg-oidc',
    lab: {},
    client: {},
    run: (user) => user.signIn(),
  },
} satisfies Record<string, Scenario>;

/** Names of the scenarios. */
export type ScenarioName = keyof typeof all;

/** The scenarios by name. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = all;

/** Whether a text names a scenario. */
export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(all, name);
}

/**
 * Runs a scenario in the browser's first tab (the one that DevTools belongs to), in a laboratory of its own.
 *
 * @param observe called at the end, while page and laboratory still stand
 */
export async function runScenario<T>(
  browser: Browser,
  name: ScenarioName,
  observe: (user: User, lab: Lab) => Promise<T>,
  manner: Manner = {},
): Promise<T> {
  const scenario = scenarios[name];
  const lab = await startLab({ latency, ...scenario.lab });
  try {
    const page = (await browser.pages())[0] ?? (await browser.newPage());
    const user = new User(browser, page, lab, manner);
    await user.open(scenario.page, scenario.client);
    await scenario.run(user);
    return await observe(user, lab);
  } finally {
    await lab.close();
  }
}
