import type { OpenPanel } from './panel.ts';

/** The panel's sizes when docked at the bottom and at the right, in CSS pixels. */
const docks = { bottom: { width: 1400, height: 350 }, right: { width: 550, height: 800 } } as const;
const schemes = ['light', 'dark'] as const;

/**
 * Takes pictures of the panel in its DevTools: docked bottom and right, light and dark.
 *
 * @param stem path and beginning of the files' names
 * @returns the files written
 */
export async function photograph({ devtools, panel }: OpenPanel, stem: string): Promise<string[]> {
  const files: string[] = [];
  for (const scheme of schemes) {
    await devtools.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    for (const [dock, size] of Object.entries(docks)) {
      const frame = await panel.frameElement();
      const box = await frame?.boundingBox();
      const view = await devtools.evaluate(() => ({ width: innerWidth, height: innerHeight }));
      if (!frame || !box) continue;
      // The front end's own tab bar stands around the panel: the window must be larger by that much.
      const width = size.width + Math.round(view.width - box.width);
      const height = size.height + Math.round(view.height - box.height);
      await devtools.setViewport({ width, height });
      await new Promise((resolve) => setTimeout(resolve, 400));
      const path = `${stem}.panel-${dock}-${scheme}.png` as const;
      await frame.screenshot({ path });
      files.push(path);
    }
  }
  return files;
}
