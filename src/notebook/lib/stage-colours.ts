/** A class for each stage that sets its colour, `--c`. By class, so that the hundreds of squares that look alike share their style. */
import { STAGE_DEFINITIONS, type Stage } from '../../method/operators';

export const stageClass = (stage: Stage): string => `stage-${stage}`;

export function addStageColours(document: Document): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STAGE_DEFINITIONS.map(({ id, colour }) => `.${stageClass(id)} { --c: var(${colour}); }`).join('\n'));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
