import type { Colour } from '../palette.ts';

/** What a stack frame is doing, as far as its place tells: so that encoding, allocation and socket write can be seen. */
export type FrameArea = 'server' | 'encoding' | 'write' | 'node' | 'gc' | 'native' | 'other';

export interface Frame {
  readonly name: string;
  /** Script URL; empty for code that is no JavaScript. */
  readonly url: string;
  readonly line: number;
}

export interface AreaInfo {
  readonly label: string;
  readonly colour: Colour;
}

const colour = (variable: string, light: string, dark: string): Colour => ({ variable, light, dark });

export const AREAS: Readonly<Record<FrameArea, AreaInfo>> = {
  server: { label: 'server code', colour: colour('--area-server', '#8cc3e8', '#22608c') },
  encoding: {
    label: 'encoding, strings and buffers',
    colour: colour('--area-encoding', '#f0c566', '#86641b'),
  },
  write: { label: 'socket write', colour: colour('--area-write', '#7fcfb4', '#1e6f57') },
  node: { label: 'Node internals', colour: colour('--area-node', '#c9ccd6', '#474b56') },
  gc: { label: 'garbage collection', colour: colour('--area-gc', '#ec9a72', '#914317') },
  native: { label: 'native and V8', colour: colour('--area-native', '#d9b3ce', '#70476a') },
  other: { label: 'other JavaScript', colour: colour('--area-other', '#e2dfd3', '#57534a') },
};

export function areaVariables(theme: 'light' | 'dark'): string {
  return Object.values(AREAS)
    .map(({ colour: entry }) => `${entry.variable}:${entry[theme]}`)
    .join(';');
}

interface Rule {
  readonly area: FrameArea;
  readonly name?: RegExp;
  readonly url?: RegExp;
}

/** First match wins: natives by name, then scripts by place. */
const RULES: readonly Rule[] = [
  { area: 'gc', name: /^\(garbage collector\)$/ },
  {
    area: 'write',
    name: /^(writev|write(Buffer|Utf8String|AsciiString|Latin1String|Ucs2String)|shutdown)$/,
    url: /^$/,
  },
  {
    area: 'encoding',
    name: /^(stringify|parse|concat|utf8Write(Static)?|latin1Write(Static)?|asciiWrite(Static)?|byteLengthUtf8|utf8Slice|latin1Slice|asciiSlice|base64Slice|copy|encodeInto|encode|decode|replace|replaceAll|split|join|toString|createUnsafeArrayBuffer|createFromString|fill|slice)$/,
    url: /^$/,
  },
  {
    area: 'encoding',
    url: /(^node:(buffer|internal\/buffer|internal\/encoding|string_decoder)|node_modules\/protobufjs|\/servers\/.*(encod|frame|format|bufferPool))/i,
  },
  { area: 'other', url: /\/node_modules\// },
  { area: 'server', url: /\/(servers|contract)\// },
  {
    area: 'write',
    url: /^node:(net|_http_outgoing|internal\/(stream_base_commons|streams\/(writable|destroy|add-abort-signal)))$/,
  },
  { area: 'node', url: /^node:/ },
  { area: 'native', url: /^$/ },
];

export function areaOf(frame: Frame): FrameArea {
  const rule = RULES.find(
    ({ name, url }) => (name?.test(frame.name) ?? true) && (url?.test(frame.url) ?? true),
  );
  return rule?.area ?? 'other';
}
