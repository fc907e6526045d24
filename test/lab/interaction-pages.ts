/** What a page of the authorization server asks the user. */
export interface InteractionPage {
  readonly kind: 'login' | 'consent';
  /** Where the form goes. */
  readonly action: string;
  readonly clientName: string;
  /** Where the user is sent afterwards, shown so that a forged client stands out. */
  readonly returnsTo: string;
  /** Scopes not yet consented to. */
  readonly scopes: readonly string[];
}

const meaning = new Map([
  ['openid', 'Know who you are'],
  ['offline_access', 'Stay connected while you are away'],
  ['mcp:read', 'Read through the MCP server'],
  ['mcp:write', 'Write through the MCP server'],
  ['mcp:admin', 'Administer the MCP server'],
]);

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#eef1f6, #16181d) }
main { width: min(22rem, 90vw); padding: 2rem; border-radius: 1rem; background: light-dark(#fff, #22252c);
  box-shadow: 0 1rem 3rem rgb(0 0 0 / 0.12) }
h1 { margin: 0 0 .25rem; font-size: 1.3rem } p { margin: .25rem 0 1rem; color: light-dark(#5b6472, #a5adba) }
label { display: block; margin: .75rem 0; font-weight: 600; font-size: .85rem }
input { box-sizing: border-box; width: 100%; margin-top: .25rem; padding: .55rem .7rem; font: inherit;
  border: 1px solid light-dark(#c6ccd6, #454b57); border-radius: .5rem; background: transparent }
ul { margin: 0 0 1.25rem; padding: 0; list-style: none }
li { padding: .5rem 0; border-top: 1px solid light-dark(#e4e8ee, #343943) }
code { display: block; font-size: .8rem; color: light-dark(#5b6472, #a5adba) }
button { padding: .6rem 1.2rem; font: inherit; font-weight: 600; border: 0; border-radius: .5rem; cursor: pointer }
button[value=continue] { background: #2f6feb; color: #fff } button[value=deny] { background: transparent; color: inherit }`;

/** Text made safe to stand in HTML content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function loginBody(page: InteractionPage): string {
  return `<h1>Sign in</h1><p>to continue to <b>${escapeHtml(page.clientName)}</b></p>
<label>Name<input name="login" autocomplete="off" value="alice" required></label>
<label>Password<input name="password" type="password" autocomplete="off" required></label>`;
}

function consentBody(page: InteractionPage): string {
  const items = page.scopes.map(
    (scope) => `<li>${escapeHtml(meaning.get(scope) ?? scope)}<code>${escapeHtml(scope)}</code></li>`,
  );
  return `<h1>Allow access?</h1><p><b>${escapeHtml(page.clientName)}</b> (${escapeHtml(page.returnsTo)}) wants to</p>
<ul>${items.join('') || '<li>Use your account</li>'}</ul>`;
}

/** The login or consent page, self-contained: no font, script or image from anywhere. */
export function interactionPage(page: InteractionPage): string {
  const body = page.kind === 'login' ? loginBody(page) : consentBody(page);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Laboratory sign-in</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>${style}</style></head><body><main>
<form method="post" action="${escapeHtml(page.action)}" data-interaction="${page.kind}">
<input type="hidden" name="prompt" value="${page.kind}">${body}
<button name="decision" value="continue">Continue</button> <button name="decision" value="deny" formnovalidate>Cancel</button>
</form></main></body></html>`;
}
