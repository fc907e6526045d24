import type { OpenPanel } from './panel.ts';

/** The panel's size in each place where DevTools docks, in CSS pixels. */
const docks = { bottom: { width: 1400, height: 350 }, right: { width: 550, height: 800 } } as const;
const schemes = ['light', 'dark'] as const;

type Dock = keyof typeof docks;
type Scheme = (typeof schemes)[number];

/** Modules of the DevTools front end; their names are Chromium's and may change with it. */
const docking = './ui/legacy/legacy.js';
const settings = './core/common/common.js';
const app = './panels/emulation/emulation.js';

const settle = () => new Promise((resolve) => setTimeout(resolve, 500));

async function arrange({ devtools, panel }: OpenPanel, dock: Dock): Promise<void> {
  const wanted = docks[dock];
  await devtools.evaluate(
    `import('${docking}').then((m) => m.DockController.DockController.instance().setDockSide('${dock}'))`,
  );
  await devtools.setViewport({ width: 1400, height: 950 });
  await settle();
  const box = await (await panel.frameElement())?.boundingBox();
  if (!box) return;
  if (dock === 'right')
    await devtools.setViewport({ width: 1400, height: Math.round(950 + wanted.height - box.height) });
  const growth = dock === 'bottom' ? wanted.height - box.height : wanted.width - box.width;
  await devtools.evaluate(`import('${app}').then((m) => {
    const split = m.AdvancedApp.AdvancedApp.instance().rootSplitWidget;
    split.setSidebarSize(split.sidebarSize() + ${growth});
  })`);
  await settle();
}

async function paint({ devtools }: OpenPanel, scheme: Scheme): Promise<void> {
  await devtools.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  const theme = scheme === 'dark' ? 'dark' : 'default';
  await devtools.evaluate(
    `import('${settings}').then((m) => m.Settings.Settings.instance().moduleSetting('ui-theme').set('${theme}'))`,
  );
  await settle();
}

/** Headless Chromium draws a window behind others only when it changes: a picture that does not come is a nudge away. */
async function shoot({ devtools, panel }: OpenPanel, path: `${string}.png`): Promise<void> {
  const size = await devtools.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  for (const nudge of [0, 1, 0, 1, 0]) {
    const clip = await (await panel.frameElement())?.boundingBox();
    if (!clip) return;
    const taken = devtools.screenshot({ path, clip, captureBeyondViewport: false }).then(() => true);
    taken.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await devtools.setViewport({ ...size, height: size.height + nudge });
    if (await Promise.race([taken, new Promise((resolve) => setTimeout(resolve, 3000))])) return;
  }
}

/**
 * Takes pictures of the panel in its DevTools: docked bottom and right, light and dark.
 *
 * @param stem path and beginning of the files' names
 * @returns the files written
 */
export async function photograph(open: OpenPanel, stem: string): Promise<string[]> {
  const files: string[] = [];
  for (const dock of ['bottom', 'right'] as const) {
    await arrange(open, dock);
    for (const scheme of schemes) {
      await paint(open, scheme);
      const path = `${stem}.panel-${dock}-${scheme}.png` as const;
      await shoot(open, path);
      files.push(path);
    }
  }
  return files;
}
