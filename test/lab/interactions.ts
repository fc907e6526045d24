import { type Request, type Response, Router, urlencoded } from 'express';
import type { InteractionResults, Provider } from 'oidc-provider';
import { interactionPage } from './interaction-pages.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.filter((v) => typeof v === 'string') : []);

function missingResourceScopes(interaction: Interaction): Map<string, string[]> {
  const missing = interaction.prompt.details.missingResourceScopes;
  if (typeof missing !== 'object' || missing === null) return new Map();
  return new Map(Object.entries(missing).map(([resource, scopes]) => [resource, strings(scopes)]));
}

async function consentTo(provider: Provider, interaction: Interaction): Promise<InteractionResults> {
  const found = interaction.grantId ? await provider.Grant.find(interaction.grantId) : undefined;
  const accountId = interaction.session?.accountId ?? '';
  const grant = found ?? new provider.Grant({ accountId, clientId: text(interaction.params.client_id) });
  const { details } = interaction.prompt;
  const openIdScopes = strings(details.missingOIDCScope);
  if (openIdScopes.length > 0) grant.addOIDCScope(openIdScopes.join(' '));
  const claims = strings(details.missingOIDCClaims);
  if (claims.length > 0) grant.addOIDCClaims(claims);
  for (const [resource, scopes] of missingResourceScopes(interaction)) {
    grant.addResourceScope(resource, scopes.join(' '));
  }
  return { consent: { grantId: await grant.save() } };
}

async function render(provider: Provider, request: Request, response: Response): Promise<void> {
  const interaction = await provider.interactionDetails(request, response);
  const client = await provider.Client.find(text(interaction.params.client_id));
  const redirectUri = text(interaction.params.redirect_uri);
  response.type('html').send(
    interactionPage({
      kind: interaction.prompt.name === 'login' ? 'login' : 'consent',
      action: `/interaction/${interaction.uid}`,
      clientName: client?.clientName ?? 'an unnamed client',
      returnsTo: URL.canParse(redirectUri) ? new URL(redirectUri).host : '',
      scopes: [
        ...new Set([
          ...strings(interaction.prompt.details.missingOIDCScope),
          ...[...missingResourceScopes(interaction).values()].flat(),
        ]),
      ],
    }),
  );
}

async function submit(provider: Provider, request: Request, response: Response): Promise<void> {
  const interaction = await provider.interactionDetails(request, response);
  const form: Record<string, unknown> = request.body ?? {};
  let result: InteractionResults;
  if (form.decision === 'deny') result = { error: 'access_denied', error_description: 'The user said no' };
  else if (interaction.prompt.name === 'login') result = { login: { accountId: text(form.login) || 'alice' } };
  else result = await consentTo(provider, interaction);
  await provider.interactionFinished(request, response, result, {
    mergeWithLastSubmission: interaction.prompt.name !== 'login',
  });
}

/** The login and consent pages of the authorization server: any name and password will do. */
export function interactions(provider: Provider): Router {
  const router = Router();
  router.get('/interaction/:uid', (request, response) => render(provider, request, response));
  router.post('/interaction/:uid', urlencoded({ extended: false }), (request, response) =>
    submit(provider, request, response),
  );
  return router;
}
