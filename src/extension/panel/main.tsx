import { webExtension } from '../web-extension.ts';
import { devtoolsHost } from './host/devtools-host.ts';
import { pageHost } from './host/page-host.ts';
import { mount } from './mount.tsx';

// The same page is the DevTools panel and, opened by the toolbar button, a tab for recorded sessions.
const devtools = webExtension()?.devtools;
await mount(devtools === undefined ? pageHost : devtoolsHost(devtools));
