import { writeFile } from 'node:fs/promises';
import type { OpenPanel } from './panel.ts';

/** The panel's size in each place where DevTools docks, in CSS pixels. */
const docks = { bottom: { width: 1400, height: 350 }, right: { width: 550, height: 800 } } as const;
const windowHeight = 950;
const schemes = ['light', 'dark'] as const;

type Dock = keyof typeof docks;
type Scheme = (typeof schemes)[number];

/** Modules of the DevTools front end; their names are Chromium's and may change with it. */
const docking = './ui/legacy/legacy.js';
const settings = './core/common/common.js';
const app = './panels/emulation/emulation.js';

const late = (milliseconds: number) => new Promise<undefined>((resolve) => setTimeout(resolve, milliseconds));

async function arrange({ devtools, panel }: OpenPanel, dock: Dock): Promise<void> {
  const wanted = docks[dock];
  await devtools.evaluate(
    `import('${docking}').then((m) => m.DockController.DockController.instance().setDockSide('${dock}'))`,
  );
  await devtools.setViewport({ width: 1400, height: windowHeight });
  await late(500);
  const box = await (await panel.frameElement())?.boundingBox();
  if (!box) return;
  if (dock === 'right')
    await devtools.setViewport({ width: 1400, height: Math.round(windowHeight + wanted.height - box.height) });
  const growth = dock === 'bottom' ? wanted.height - box.height : wanted.width - box.width;
  await devtools.evaluate(`import('${app}').then((m) => {
    const split = m.AdvancedApp.AdvancedApp.instance().rootSplitWidget;
    split.setSidebarSize(split.sidebarSize() + ${growth});
  })`);
  await late(500);
}

async function paint({ devtools }: OpenPanel, scheme: Scheme): Promise<void> {
  await devtools.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  const theme = scheme === 'dark' ? 'dark' : 'default';
  await devtools.evaluate(
    `import('${settings}').then((m) => m.Settings.Settings.instance().moduleSetting('ui-theme').set('${theme}'))`,
  );
  await late(500);
}

type Picture = Uint8Array<ArrayBuffer>;
type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/**
 * A picture of the whole window. Headless Chromium draws a window behind others only when it changes: a picture
 * that does not come is a nudge away.
 */
async function wholeWindow({ devtools }: OpenPanel): Promise<Picture | undefined> {
  const size = await devtools.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  for (const nudge of [1, 0, 1, 0]) {
    const taken = devtools.screenshot({ captureBeyondViewport: false });
    taken.catch(() => undefined);
    const picture = await Promise.race([taken, late(2000)]);
    if (picture) return new Uint8Array(picture);
    await devtools.setViewport({ ...size, height: size.height + nudge });
  }
  return undefined;
}

/** Cuts the box out of a picture, by the browser's own means: a picture taken of a part may come out blank. */
async function cut({ devtools }: OpenPanel, picture: Picture, box: Box): Promise<Buffer> {
  const crop = async (source: string, { x, y, width, height }: Box) => {
    const bytes = Uint8Array.from(atob(source), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]), x, y, width, height);
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    const cropped = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
    return btoa(Array.from(cropped, (byte) => String.fromCharCode(byte)).join(''));
  };
  return Buffer.from(await devtools.evaluate(crop, Buffer.from(picture).toString('base64'), { ...box }), 'base64');
}

async function shoot(open: OpenPanel, path: string): Promise<boolean> {
  const picture = await wholeWindow(open);
  const box = await (await open.panel.frameElement())?.boundingBox();
  if (!picture || !box) return false;
  await writeFile(path, await cut(open, picture, box));
  return true;
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
      const path = `${stem}.panel-${dock}-${scheme}.png`;
      if (await shoot(open, path)) files.push(path);
    }
  }
  return files;
}
