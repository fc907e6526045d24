/** Gives the keys back to the flow. */
export function focusFlow(): void {
  const tree = document.querySelector('[role=tree]');
  if (tree instanceof HTMLElement) tree.focus();
}
