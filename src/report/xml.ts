import { visible } from './text.ts';

/** An element of XML 1.0: its name, its attributes, its children. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (Element | string)[];
}

export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly (Element | string)[] = [],
): Element {
  return { name, attributes, children };
}

/** A document of one root element, indented by two spaces; every string is shown as text. Ends with a newline. */
export function xmlDocument(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, '')}\n`;
}

function write({ name, attributes, children }: Element, indent: string): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  const start = `${indent}<${name}${pairs.join('')}`;
  if (children.length === 0) return `${start}/>`;
  const isText = children.every((child) => typeof child === 'string');
  if (isText) return `${start}>${children.map((child) => escapeXml(String(child), false)).join('')}</${name}>`;
  const inner = children.map((child) =>
    typeof child === 'string' ? escapeXml(child, false) : write(child, `${indent}  `),
  );
  return `${start}>\n${inner.join('\n')}\n${indent}</${name}>`;
}

/** Text of an element or of a quoted attribute. What XML 1.0 (section 2.2) cannot hold is shown as an escape. */
export function escapeXml(text: string, inAttribute = true): string {
  const shown = visible(text)
    .replaceAll('\ufffe', '\\u{fffe}')
    .replaceAll('\uffff', '\\u{ffff}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  // A parser would turn these into spaces in an attribute (section 3.3.3).
  return inAttribute ? shown.replaceAll('\n', '&#10;').replaceAll('\t', '&#9;') : shown;
}
