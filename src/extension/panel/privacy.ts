/** The project's own PRIVACY.md as Markdown, loaded when asked for. */
export async function privacyPage(): Promise<string> {
  const pages = import.meta.glob<string>('../../../PRIVACY.md', { query: '?raw', import: 'default' });
  const [load] = Object.values(pages);
  return load === undefined ? '' : load();
}
