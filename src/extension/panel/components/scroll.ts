/** Brings an element into view of the pane that scrolls it; never moves the panel itself. */
export function scrollWithin(element: Element | null | undefined, place: 'center' | 'nearest'): void {
  const pane = paneOf(element);
  if (element === null || element === undefined || pane === null) return;
  const box = element.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  if (place === 'center') pane.scrollTop += box.top - frame.top - (frame.height - box.height) / 2;
  else if (box.top < frame.top || box.height > frame.height) pane.scrollTop += box.top - frame.top;
  else if (box.bottom > frame.bottom) pane.scrollTop += box.bottom - frame.bottom;
}

/** The nearest ancestor that scrolls up and down, inside the panel. */
export function paneOf(element: Element | null | undefined): Element | null {
  for (let pane = element?.parentElement; pane && pane.id !== 'panel'; pane = pane.parentElement) {
    const { overflowY } = getComputedStyle(pane);
    if (overflowY === 'auto' || overflowY === 'scroll') return pane;
  }
  return null;
}
