import type { Protocol } from 'puppeteer-core';

type Events = {
  'Target.attachedToTarget': Protocol.Target.AttachedToTargetEvent;
  'Network.requestWillBeSent': Protocol.Network.RequestWillBeSentEvent;
  'Network.requestWillBeSentExtraInfo': Protocol.Network.RequestWillBeSentExtraInfoEvent;
  'Network.responseReceivedExtraInfo': Protocol.Network.ResponseReceivedExtraInfoEvent;
  'Network.responseReceived': Protocol.Network.ResponseReceivedEvent;
  'Network.dataReceived': Protocol.Network.DataReceivedEvent;
  'Network.loadingFinished': Protocol.Network.LoadingFinishedEvent;
  'Network.loadingFailed': Protocol.Network.LoadingFailedEvent;
};

/** What each command of the Chrome DevTools Protocol that is used here takes and answers. */
type Commands = {
  'Target.setAutoAttach': [Protocol.Target.SetAutoAttachRequest, unknown];
  'Target.createTarget': [Protocol.Target.CreateTargetRequest, Protocol.Target.CreateTargetResponse];
  'Target.closeTarget': [Protocol.Target.CloseTargetRequest, unknown];
  'Target.getTargets': [Protocol.Target.GetTargetsRequest, Protocol.Target.GetTargetsResponse];
  'Runtime.runIfWaitingForDebugger': [undefined, unknown];
  'Network.enable': [Protocol.Network.EnableRequest, unknown];
  'Network.getRequestPostData': [
    Protocol.Network.GetRequestPostDataRequest,
    Protocol.Network.GetRequestPostDataResponse,
  ];
  'Network.getResponseBody': [Protocol.Network.GetResponseBodyRequest, Protocol.Network.GetResponseBodyResponse];
  'Network.streamResourceContent': [
    Protocol.Network.StreamResourceContentRequest,
    Protocol.Network.StreamResourceContentResponse,
  ];
  'Browser.getVersion': [undefined, Protocol.Browser.GetVersionResponse];
  'Browser.close': [undefined, unknown];
};

/** One target of a browser, over whatever connection. */
export interface CdpSession {
  on<Name extends keyof Events>(event: Name, listener: (params: Events[Name]) => void): unknown;
  send<Name extends keyof Commands>(
    command: Name,
    ...params: Commands[Name][0] extends undefined ? [] : [Commands[Name][0]]
  ): Promise<Commands[Name][1]>;
}

/** A browser: its own session, and those of the targets that attached themselves. */
export interface CdpBrowser {
  readonly root: CdpSession;
  /** `Chrome/156.0.0.0`, as `Browser.getVersion` names it. */
  version(): Promise<string>;
  session(id: string): CdpSession | null;
}
