import { generateKeyPairSync } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import type { Page } from 'puppeteer-core';
import { values } from '../../cli/fixtures.ts';
import { har, issuer, server, signIn } from '../../report/hars.ts';
import { importText, press } from '../panel-page.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A JWKS of one RSA key. */
export async function jwksOf({ publicKey }: typeof rsa): Promise<string> {
  return JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }] });
}

/** A sign-in whose access token is a JWT that a real key signed, and the fetch of that key, if it is to be recorded. */
async function signedSession(recordKeys: boolean): Promise<{ readonly har: string; readonly jwks: string }> {
  const jwks = await jwksOf(rsa);
  const now = Date.parse(
    String((har(signIn(values)).log.entries as { startedDateTime: string }[])[0]?.startedDateTime),
  );
  const access = await new SignJWT({ scope: 'files:read', client_id: 'public-client' })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(server)
    .setIssuedAt(now / 1000)
    .setExpirationTime(now / 1000 + 3600)
    .sign(rsa.privateKey);
  const entries = signIn({ ...values, access }).map((one) =>
    one.content?.includes('"token_endpoint"') === true
      ? { ...one, content: one.content.replace('{', `{"jwks_uri":"${issuer}/jwks",`) }
      : one,
  );
  const keys = { url: `${issuer}/jwks`, content: jwks };
  return { har: JSON.stringify(har(recordKeys ? [...entries, keys] : entries)), jwks };
}

/** Opens a session with a signed token and asks for its check; resolves to the JWKS that belongs to it. */
export async function openTokens(page: Page, recordKeys: boolean): Promise<string> {
  const session = await signedSession(recordKeys);
  await importText(page, 'signed.har', session.har);
  await press(page, '3');
  await page.locator('.signature button').click();
  return session.jwks;
}

/** Opens the menu with these words on its button and chooses an item by its words. */
export async function choose(page: Page, button: string, item: string): Promise<void> {
  await page.locator(`.body .menu-button ::-p-text(${button})`).click();
  await page.locator(`[role=menuitem]::-p-text(${item})`).click();
}
