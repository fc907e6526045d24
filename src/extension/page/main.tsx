import { pageHost } from '../panel/host/page-host.ts';
import { mount } from '../panel/mount.tsx';

await mount(pageHost);
