import { readWireMessage, type WireMessage, type WirePageMessage, wirePortName } from '../wire-channel.ts';

/** As much of a runtime port as is used. */
export interface Port {
  readonly onMessage: { addListener(listener: (message: unknown) => void): void };
  readonly onDisconnect: { addListener(listener: () => void): void };
  postMessage(message: unknown): void;
}

export interface Connector {
  /** Undefined once the extension was updated, reloaded or removed under this page. */
  readonly id?: string;
  connect(info: { name: string }): Port;
}

/** How long until a background that was ended is called again, milliseconds; connecting begins it anew. */
const again = 250;

/**
 * Follows what the background sees of a tab's session, across its ends and beginnings: each time everything is
 * told again, so nothing is lost. `gone` is called when the extension itself is gone. Once this page `listens` to the
 * tab itself, each background is told so: it need not.
 */
export function followWire(
  runtime: Connector,
  tab: number,
  take: (message: WireMessage) => void,
  gone: () => void,
): { forget(): void; listens(): void } {
  let port: Port | null = null;
  let listening = false;
  const say = (message: WirePageMessage): void => {
    try {
      port?.postMessage(message);
    } catch {
      // It was ended in this moment; what it kept is told again, and is a new session's.
    }
  };
  const connect = (): void => {
    try {
      if (runtime.id === undefined) throw new Error('the extension is gone');
      port = runtime.connect({ name: wirePortName(tab) });
    } catch {
      port = null;
      gone();
      return;
    }
    port.onMessage.addListener((data) => {
      const message = readWireMessage(data);
      if (message !== null) take(message);
    });
    port.onDisconnect.addListener(() => {
      port = null;
      setTimeout(connect, again);
    });
    if (listening) say({ kind: 'listening' });
  };
  connect();
  return {
    forget: () => say({ kind: 'forget' }),
    listens() {
      listening = true;
      say({ kind: 'listening' });
    },
  };
}
