import { watchNetwork } from '../../capture/devtools-network.ts';
import { channelName } from '../channel.ts';
import { webExtension } from '../web-extension.ts';
import { Recorder } from './recorder.ts';

// Runs as long as DevTools is open, so that nothing is lost before the panel is looked at.
const devtools = webExtension()?.devtools;
if (devtools !== undefined) {
  const recorder = new Recorder(new BroadcastChannel(channelName(devtools.inspectedWindow.tabId)));
  watchNetwork(devtools.network, (entry) => recorder.add(entry));
  devtools.panels.create('MCP Auth', '/icons/32.png', '/src/extension/panel/panel.html');
}
