import { readAskFragment } from '../asking.ts';
import { webExtension } from '../web-extension.ts';
import { devtoolsHost } from './host/devtools-host.ts';
import { fetchKeys } from './host/fetch-keys.ts';
import { pageHost } from './host/page-host.ts';
import { extensionSettings, windowSettings } from './host/settings-store.ts';
import { mount } from './mount.tsx';

// The same page is the DevTools panel and, opened by the toolbar button, a tab for recorded sessions.
const extension = webExtension();
const settings = extension === null ? windowSettings() : await extensionSettings(extension.storage);
const permissions = extension?.permissions ?? null;
const devtools = extension?.devtools;
await mount(
  extension === null || devtools === undefined
    ? pageHost(settings, permissions, fetchKeys, readAskFragment(location.hash))
    : devtoolsHost(devtools, settings, permissions, extension.runtime),
);
// Loaded when it is first shown: the keys are here at once.
if (devtools !== undefined) focus();
