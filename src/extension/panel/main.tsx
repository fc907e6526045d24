import { webExtension } from '../web-extension.ts';
import { devtoolsHost } from './host/devtools-host.ts';
import { pageHost } from './host/page-host.ts';
import { extensionSettings, windowSettings } from './host/settings-store.ts';
import { mount } from './mount.tsx';

// The same page is the DevTools panel and, opened by the toolbar button, a tab for recorded sessions.
const extension = webExtension();
const settings = extension === null ? windowSettings() : await extensionSettings(extension.storage);
await mount(extension?.devtools === undefined ? pageHost(settings) : devtoolsHost(extension.devtools, settings));
