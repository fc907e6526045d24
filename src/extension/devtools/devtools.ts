import { watchNetwork } from '../../capture/devtools-network.ts';
import { channelName, observerChannelName } from '../channel.ts';
import { webExtension } from '../web-extension.ts';
import { reportReader, watchObserver } from './observed.ts';
import { Recorder } from './recorder.ts';

// Runs as long as DevTools is open, so that nothing is lost before the panel is looked at.
const extension = webExtension();
const devtools = extension?.devtools;
if (extension !== null && devtools !== undefined) {
  const { tabId } = devtools.inspectedWindow;
  const recorder = new Recorder(new BroadcastChannel(channelName(tabId)));
  watchNetwork(devtools.network, (entry) => recorder.add(entry));
  const read = reportReader((reports) => recorder.observe(reports));
  watchObserver(extension.runtime, tabId, read);
  new BroadcastChannel(observerChannelName(tabId)).onmessage = ({ data }) => read(data);
  devtools.panels.create('MCP Auth', '/icons/32.png', '/src/extension/panel/panel.html');
}
