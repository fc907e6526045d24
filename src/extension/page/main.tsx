import { pageHost } from '../panel/host/page-host.ts';
import { windowSettings } from '../panel/host/settings-store.ts';
import { mount } from '../panel/mount.tsx';

await mount(pageHost(windowSettings()));
