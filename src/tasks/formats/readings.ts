/** How a value of a column becomes a text: what a mapping names beside the column. Pure functions; null where there is nothing to read. */
import { extractAnswer } from '../../math';
import { lastBoxes } from '../../math/extract/boxes';

export type ReadingId = 'text' | 'first' | 'list' | 'box' | 'hashes' | 'stated' | 'worked' | 'user' | 'assistant';

export interface Reading {
  id: ReadingId;
  /** For the mapping's menu. */
  name: string;
  description: string;
  read(value: unknown): string | null;
}

/** A value that is a text by itself. JSON's 27.0 is the number 27. */
function asText(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return null;
}

/** A list, also one that a table stored as JSON text. */
function asList(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value !== 'string' || !/^\s*\[/.test(value)) return null;
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

interface Turn {
  role: string;
  content: string;
}

/** Chat turns: {role, content} (TRL) or {from, value} (ShareGPT). Null for anything else. */
export function turnsOf(value: unknown): Turn[] | null {
  const list = asList(value);
  if (!list || list.length === 0) return null;
  const turns: Turn[] = [];
  for (const item of list) {
    if (typeof item !== 'object' || item === null) return null;
    const { role, content, from, value: said } = item as Record<string, unknown>;
    const who = role ?? from;
    const what = content ?? said;
    if (typeof who !== 'string' || typeof what !== 'string') return null;
    turns.push({ role: who === 'human' ? 'user' : who === 'gpt' ? 'assistant' : who, content: what });
  }
  return turns;
}

/** The only turn of a role; of a longer conversation none, since a problem has one question and one answer. */
function turn(value: unknown, role: 'user' | 'assistant'): string | null {
  const own = turnsOf(value)?.filter((one) => one.role === role) ?? [];
  return own.length === 1 ? asText(own[0]!.content) : null;
}

/** A turn of a conversation (also one that a table stored as JSON text), or a text that is none. */
const turnOrText = (value: unknown, role: 'user' | 'assistant'): string | null => (turnsOf(value) ? turn(value, role) : asText(value));
const OPTIONAL_PROSE = (value: unknown): string | null => turnOrText(value, 'assistant');

export const READINGS: readonly Reading[] = [
  { id: 'text', name: 'as it is', description: 'the text or number', read: asText },
  {
    id: 'first',
    name: 'first of a list',
    description: 'the first element of a list',
    read: (value) => asText(asList(value)?.[0] ?? value),
  },
  {
    id: 'list',
    name: 'all of a list',
    description: 'the elements of a list, separated by commas',
    read: (value) => {
      const list = asList(value);
      if (!list) return asText(value);
      const parts = list.map(asText);
      return parts.length > 0 && parts.every((part) => part !== null) ? parts.join(', ') : null;
    },
  },
  { id: 'box', name: 'last \\boxed{}', description: 'what the last box of the text holds; units outside it stay outside', read: lastBox },
  { id: 'hashes', name: 'after ####', description: 'the line after the last ####', read: afterHashes },
  {
    id: 'stated',
    name: 'stated answer',
    description: 'the last box, what follows ####, or what the text calls its answer',
    read: (value) => {
      const text = OPTIONAL_PROSE(value);
      return text === null ? null : extractAnswer(text, 'stated').answer;
    },
  },
  {
    id: 'worked',
    name: 'without <<…>>',
    description: 'the text without calculator notes such as <<3*4=12>>',
    read: (value) => asText(asText(value)?.replace(/<<[^<>\n]*>>/g, '')),
  },
  {
    id: 'user',
    name: 'user’s turn',
    description: 'what the user says in a conversation of one question',
    read: (value) => turnOrText(value, 'user'),
  },
  {
    id: 'assistant',
    name: 'assistant’s turn',
    description: 'what the assistant says in a conversation of one answer',
    read: OPTIONAL_PROSE,
  },
];

function lastBox(value: unknown): string | null {
  const text = OPTIONAL_PROSE(value);
  return text === null ? null : asText(lastBoxes(text)?.trim());
}

function afterHashes(value: unknown): string | null {
  const text = OPTIONAL_PROSE(value);
  const at = text?.lastIndexOf('####') ?? -1;
  return at < 0
    ? null
    : asText(
        text!
          .slice(at + 4)
          .trim()
          .split('\n', 1)[0]!
          .trim(),
      );
}

const BY_ID = new Map<string, Reading>(READINGS.map((reading) => [reading.id, reading]));

export function isReadingId(id: string): id is ReadingId {
  return BY_ID.has(id);
}

export function reading(id: ReadingId): Reading {
  return BY_ID.get(id)!;
}
