/** What the page and the import worker say to each other. Files and lists of rows; nothing is stored. */
import type { TaskRow } from '../tasks/dataset/types';
import type { HubFile, HubListing } from '../tasks/formats/hub';
import type { ImportProgress } from '../tasks/formats/import';
import type { MappingChange } from '../tasks/formats/mapping';
import type { ImportReport } from '../tasks/formats/report';
import type { TemplatesId } from '../tasks/formats/task';

export type { HubFile, HubListing, ImportProgress, ImportReport };

export type ImportSource =
  | { kind: 'file'; name: string; file: Blob }
  | { kind: 'text'; text: string }
  | { kind: 'hub'; dataset: string; revision: string; file: HubFile; base: string };

export interface ReadCommand {
  type: 'read';
  id: number;
  source: ImportSource;
  /** Recognised without it. */
  shape?: string;
  mapping?: MappingChange;
  limit: number;
  keepLong: boolean;
  templates: TemplatesId;
  /** Whose context decides what is too long; null without a policy. */
  policy: { url: string; maxLength: number; builtIn: boolean } | null;
}

export type ImportCommand =
  | ReadCommand
  | { type: 'list'; id: number; dataset: string; revision: string; base: string }
  /** Stops the command of this id. */
  | { type: 'stop'; id: number };

export interface ReadResult {
  rows: TaskRow[];
  report: ImportReport;
  /** Of the first rows, whether the built-in policy has the words for them; empty where that is not known. */
  readable: boolean[];
}

export type ImportReply =
  | { type: 'progress'; id: number; progress: ImportProgress }
  | { type: 'read'; id: number; result: ReadResult }
  | { type: 'listed'; id: number; listing: HubListing }
  | { type: 'failed'; id: number; message: string; hint: string; stopped: boolean };
