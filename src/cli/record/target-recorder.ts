import type { Protocol } from 'puppeteer-core';
import type { CdpSession } from './cdp.ts';
import type { Hop } from './hops.ts';

/** Bodies that no story about authorization needs. */
const slimTypes: ReadonlySet<string> = new Set(['Script', 'Stylesheet', 'Image', 'Font', 'Media']);
const bufferSizes = { maxTotalBufferSize: 200_000_000, maxResourceBufferSize: 50_000_000, maxPostDataSize: 10_000_000 };

interface Exchanges {
  readonly hops: Hop[];
  readonly sentExtras: Protocol.Network.RequestWillBeSentExtraInfoEvent[];
  readonly receivedExtras: Protocol.Network.ResponseReceivedExtraInfoEvent[];
  /** Text of an event stream, as it arrives. */
  streamed?: Buffer[];
}

/** Records the Network domain of one target: a page, a popup, an iframe or a worker. */
export class TargetRecorder {
  readonly #session: CdpSession;
  readonly #pageref: string;
  readonly #requests = new Map<string, Exchanges>();
  readonly #pending = new Set<Promise<void>>();

  constructor(session: CdpSession, pageref: string) {
    this.#session = session;
    this.#pageref = pageref;
  }

  /** Starts recording. The target should still be paused, so that its first request is seen. */
  async start(): Promise<void> {
    const session = this.#session;
    session.on('Network.requestWillBeSent', (event) => this.#sent(event));
    session.on('Network.requestWillBeSentExtraInfo', (event) => this.#of(event.requestId).sentExtras.push(event));
    session.on('Network.responseReceivedExtraInfo', (event) => this.#of(event.requestId).receivedExtras.push(event));
    session.on('Network.responseReceived', (event) => this.#received(event));
    session.on('Network.dataReceived', (event) => {
      if (event.data) this.#of(event.requestId).streamed?.push(Buffer.from(event.data, 'base64'));
    });
    session.on('Network.loadingFinished', (event) => this.#finished(event));
    session.on('Network.loadingFailed', (event) => this.#failed(event));
    await session.send('Network.enable', bufferSizes);
  }

  /** Everything recorded so far, with the headers that travelled matched to their hops. */
  async hops(): Promise<Hop[]> {
    await Promise.all(this.#pending);
    return [...this.#requests.values()].flatMap(({ hops, sentExtras, receivedExtras, streamed }) => {
      const told = hops.filter((hop) => hop.hasExtraInfo || hops.length === 1);
      for (const [index, hop] of told.entries()) {
        const [sent, received] = [sentExtras[index], receivedExtras[index]];
        if (sent) hop.sentExtra = sent;
        if (received) hop.receivedExtra = received;
      }
      const last = hops.at(-1);
      if (last && streamed) last.content ??= { text: Buffer.concat(streamed).toString(), base64: false };
      return hops;
    });
  }

  #of(requestId: string): Exchanges {
    const known = this.#requests.get(requestId) ?? { hops: [], sentExtras: [], receivedExtras: [] };
    this.#requests.set(requestId, known);
    return known;
  }

  #last(requestId: string): Hop | undefined {
    return this.#requests.get(requestId)?.hops.at(-1);
  }

  #later(work: Promise<void>): void {
    // A body may be gone with its page: the entry then stands without it.
    const settled = work.catch(() => undefined).finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
  }

  #sent(event: Protocol.Network.RequestWillBeSentEvent): void {
    if (!/^https?:/.test(event.request.url)) return;
    const previous = this.#last(event.requestId);
    if (previous && event.redirectResponse) {
      previous.response = event.redirectResponse;
      previous.hasExtraInfo = event.redirectHasExtraInfo;
      previous.encodedLength = event.redirectResponse.encodedDataLength;
      previous.finished = event.timestamp;
    }
    const hop: Hop = { sent: event, pageref: this.#pageref, hasExtraInfo: true, encodedLength: 0 };
    this.#of(event.requestId).hops.push(hop);
    if (event.request.postData !== undefined) hop.postData = event.request.postData;
    else if (event.request.hasPostData) this.#later(this.#fetchPostData(hop));
  }

  #received(event: Protocol.Network.ResponseReceivedEvent): void {
    const hop = this.#last(event.requestId);
    if (!hop) return;
    hop.response = event.response;
    hop.hasExtraInfo = event.hasExtraInfo;
    hop.finished = event.timestamp;
    if (event.response.mimeType === 'text/event-stream') this.#later(this.#stream(event.requestId));
  }

  #finished(event: Protocol.Network.LoadingFinishedEvent): void {
    const hop = this.#last(event.requestId);
    if (!hop) return;
    hop.finished = event.timestamp;
    hop.encodedLength = event.encodedDataLength;
    if (!slimTypes.has(hop.sent.type ?? '')) this.#later(this.#fetchBody(hop));
  }

  #failed(event: Protocol.Network.LoadingFailedEvent): void {
    const hop = this.#last(event.requestId);
    if (!hop) return;
    hop.finished = event.timestamp;
    hop.error = event.errorText;
  }

  async #fetchPostData(hop: Hop): Promise<void> {
    const { requestId } = hop.sent;
    const { postData } = await this.#session.send('Network.getRequestPostData', { requestId });
    hop.postData = postData;
  }

  async #fetchBody(hop: Hop): Promise<void> {
    const { requestId } = hop.sent;
    const { body, base64Encoded } = await this.#session.send('Network.getResponseBody', { requestId });
    if (body.length > 0) hop.content = { text: body, base64: base64Encoded };
  }

  /** Asks for an event stream's bytes as they come, since a stream cut off has no body to ask for later. */
  async #stream(requestId: string): Promise<void> {
    const exchanges = this.#of(requestId);
    const chunks: Buffer[] = [];
    exchanges.streamed = chunks;
    const { bufferedData } = await this.#session.send('Network.streamResourceContent', { requestId });
    chunks.unshift(Buffer.from(bufferedData, 'base64'));
  }
}
