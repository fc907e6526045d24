import { webExtension } from '../web-extension.ts';

// The toolbar button opens the inspector in a tab, for recorded sessions.
const extension = webExtension();
extension?.action.onClicked.addListener(() => {
  extension.tabs.create({ url: extension.runtime.getURL('src/extension/panel/panel.html') });
});
