/** A figure of the page as one SVG file that stands alone: styles inlined, in light colours, with its title and legend. */

const NAMESPACE = 'http://www.w3.org/2000/svg';

/** The CSS properties that style a drawing. */
const PROPERTIES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linejoin',
  'opacity',
  'paint-order',
  'font-family',
  'font-size',
  'font-weight',
  'font-variant-numeric',
  'text-anchor',
] as const;

const TITLE_HEIGHT = 22;
const LABEL_HEIGHT = 18;
const LEGEND_HEIGHT = 20;
const PADDING = 12;

/** @throws Error where the figure shows no drawing. */
export function standaloneSvg(figure: Element): string {
  return inLightColors(() => {
    const drawing = [...figure.querySelectorAll('svg')].find((svg) => svg.getBoundingClientRect().width > 0 && !svg.closest('.legend'));
    if (!drawing) throw new Error('The figure is not drawn at the moment.');
    const box = drawing.getBoundingClientRect();
    const font = getComputedStyle(figure.querySelector('h3') ?? drawing).fontFamily;
    const header = headerOf(figure, box.width, font);

    const file = element('svg', {
      xmlns: NAMESPACE,
      width: box.width + 2 * PADDING,
      height: box.height + header.height + 2 * PADDING,
      viewBox: `${-PADDING} ${-PADDING} ${box.width + 2 * PADDING} ${box.height + header.height + 2 * PADDING}`,
    });
    const title = figure.querySelector('h3')?.textContent ?? drawing.getAttribute('aria-label') ?? '';
    if (title) file.append(withText(element('title', {}), title));
    file.append(element('rect', { x: -PADDING, y: -PADDING, width: '100%', height: '100%', fill: '#ffffff' }), ...header.nodes);

    const body = withStyles(drawing);
    for (const [name, value] of Object.entries({ x: 0, y: header.height, width: box.width, height: box.height, overflow: 'visible' }))
      body.setAttribute(name, String(value));
    file.append(body);
    return new XMLSerializer().serializeToString(file);
  });
}

/** Draws title, unit of the y axis and legend, which are HTML on the page. */
function headerOf(figure: Element, width: number, font: string): { nodes: Element[]; height: number } {
  const nodes: Element[] = [];
  let height = 0;
  const line = (text: string, size: number, weight: number, fill: string, lineHeight: number) => {
    height += lineHeight;
    nodes.push(
      withText(element('text', { x: 0, y: height - 6, 'font-family': font, 'font-size': size, 'font-weight': weight, fill }), text),
    );
  };
  const title = figure.querySelector('h3')?.textContent;
  const label = figure.querySelector('.ylabel')?.textContent;
  if (title) line(title, 14, 600, '#1c2026', TITLE_HEIGHT);
  if (label) line(label, 12, 400, '#565c64', LABEL_HEIGHT);
  let x = Infinity;
  for (const item of figure.querySelectorAll('.legend .item')) {
    const itemWidth = item.getBoundingClientRect().width + 16;
    if (x + itemWidth > width) {
      x = 0;
      height += LEGEND_HEIGHT;
    }
    const swatch = item.querySelector('svg');
    if (swatch) {
      const copy = withStyles(swatch);
      copy.setAttribute('x', String(x));
      copy.setAttribute('y', String(height - 15));
      nodes.push(copy);
    }
    const text = element('text', { x: x + 28, y: height - 6, 'font-family': font, 'font-size': 12, fill: '#565c64' });
    nodes.push(withText(text, item.textContent.trim()));
    x += itemWidth;
  }
  return { nodes, height: height > 0 ? height + 6 : 0 };
}

/** A deep copy that needs no stylesheet. Links become groups, since they lead nowhere outside the page. */
function withStyles(source: Element): Element {
  const name = source.localName === 'a' ? 'g' : source.localName;
  const copy = document.createElementNS(NAMESPACE, name);
  for (const { name: attribute, value } of source.attributes) {
    if (!/^(class|style|role|tabindex|href|on|aria-|data-)/.test(attribute)) copy.setAttribute(attribute, value);
  }
  if (source.localName !== 'defs') {
    const style = getComputedStyle(source);
    const inline = PROPERTIES.map((property) => `${property}:${style.getPropertyValue(property)}`).join(';');
    copy.setAttribute('style', inline);
  }
  for (const child of source.childNodes) {
    if (child instanceof Element) copy.append(withStyles(child));
    else if (child instanceof Text) copy.append(child.data);
  }
  return copy;
}

/** Reads styles with the light theme switched on. The page is not painted in between, so nobody sees it. */
function inLightColors<T>(read: () => T): T {
  const { dataset } = document.documentElement;
  const theme = dataset['theme'];
  dataset['theme'] = 'light';
  try {
    return read();
  } finally {
    if (theme === undefined) delete dataset['theme'];
    else dataset['theme'] = theme;
  }
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [attribute, value] of Object.entries(attributes)) if (attribute !== 'xmlns') made.setAttribute(attribute, String(value));
  return made;
}

function withText(node: SVGElement, text: string): SVGElement {
  node.textContent = text;
  return node;
}
