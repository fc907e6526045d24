/**
 * Opens the authorization request in a popup and waits for the authorization response.
 *
 * @returns the query of the redirect (RFC 6749 section 4.1.2)
 * @throws Error when the browser blocks the popup or the user closes it
 */
export function signInByPopup(authorizationUrl: URL): Promise<URLSearchParams> {
  const popup = window.open(authorizationUrl, 'sign-in', 'popup,width=520,height=680');
  if (!popup) return Promise.reject(new Error('The browser blocked the sign-in window.'));
  return new Promise((resolve, reject) => {
    const finish = () => {
      clearInterval(watch);
      removeEventListener('message', receive);
    };
    const receive = (event: MessageEvent) => {
      if (event.origin !== location.origin || event.data?.type !== 'authorization-response') return;
      finish();
      resolve(new URLSearchParams(String(event.data.search)));
    };
    const watch = setInterval(() => {
      if (!popup.closed) return;
      finish();
      reject(new Error('The sign-in window was closed.'));
    }, 1000);
    addEventListener('message', receive);
  });
}
