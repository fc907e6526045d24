// The redirect URI of popup sign-ins: hands the authorization response to the page that opened it.
(window.opener as Window | null)?.postMessage(
  { type: 'authorization-response', search: location.search },
  location.origin,
);
document.body.textContent = 'Signed in. This window closes by itself.';
window.close();
