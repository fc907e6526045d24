import browser from 'webextension-polyfill';

// The toolbar button opens the inspector in a tab, for recorded sessions.
browser.action.onClicked.addListener(() => {
  void browser.tabs.create({ url: browser.runtime.getURL('src/extension/panel/panel.html') });
});
