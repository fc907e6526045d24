/*
 * Joins the two worlds of a page by a port of their own. Both scripts run before any script of the page and events are
 * delivered at once, so that the port passes while nobody else can listen; whichever side runs second completes it. A
 * page that got hold of it all the same could only add reports about itself, which decide nothing.
 */
const hello = 'mcp-auth-inspector-hello';
const welcome = 'mcp-auth-inspector-welcome';

/** The page's world: makes the port and returns the way to send on it. What is sent early waits in it. */
export function offerPort(): (text: string) => void {
  const { port1, port2 } = new MessageChannel();
  const offer = (): void => void dispatchEvent(new MessageEvent(welcome, { ports: [port2] }));
  addEventListener(hello, offer, { once: true });
  offer();
  return port1.postMessage.bind(port1);
}

/** The extension's world: takes the first port that is offered, and no other. */
export function takePort(receive: (text: string) => void): void {
  const longest = 1_000_000;
  const take = (event: Event): void => {
    const [port] = (event as MessageEvent).ports ?? [];
    if (port === undefined) return;
    removeEventListener(welcome, take);
    port.onmessage = ({ data }: MessageEvent) => {
      if (typeof data === 'string' && data.length <= longest) receive(data);
    };
  };
  addEventListener(welcome, take);
  dispatchEvent(new Event(hello));
}
