/** Prompts with {fields}. `{{` and `}}` stand for braces; what is filled in is text and never read as a template again. */

export type TemplatePart = { text: string } | { field: string };

const FIELD = /^[\p{L}_][\p{L}\p{N}_-]*$/u;

/** @throws RangeError saying where the template is wrong. */
export function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let text = '';
  for (let i = 0; i < template.length; i++) {
    const c = template[i]!;
    if (c !== '{' && c !== '}') {
      text += c;
    } else if (template[i + 1] === c) {
      text += c;
      i++;
    } else if (c === '}') {
      throw new RangeError(`a “}” at character ${i + 1} closes nothing; write “}}” for a brace in the text.`);
    } else {
      const end = template.indexOf('}', i);
      const field = end < 0 ? '' : template.slice(i + 1, end).trim();
      if (end < 0) throw new RangeError(`the “{” at character ${i + 1} is never closed; write “{{” for a brace in the text.`);
      if (!FIELD.test(field))
        throw new RangeError(
          `“{${field.slice(0, 40)}}” at character ${i + 1} is not a field’s name; write “{{” and “}}” for braces in the text.`,
        );
      if (text !== '') parts.push({ text });
      text = '';
      parts.push({ field });
      i = end;
    }
  }
  if (text !== '') parts.push({ text });
  return parts;
}

/** Names of the fields in a template, each once. @throws RangeError for a template that is wrong. */
export function fieldsOf(template: string): string[] {
  return [...new Set(parseTemplate(template).flatMap((part) => ('field' in part ? [part.field] : [])))];
}

/** The template with fields filled in; a field that is not given is empty. @throws RangeError for a template that is wrong. */
export function fillTemplate(template: string | readonly TemplatePart[], fields: Readonly<Record<string, string>>): string {
  const parts = typeof template === 'string' ? parseTemplate(template) : template;
  return parts.map((part) => ('text' in part ? part.text : Object.hasOwn(fields, part.field) ? fields[part.field]! : '')).join('');
}

/** A text as a template that yields it. */
export const escapeTemplate = (text: string): string => text.replace(/[{}]/g, '$&$&');
