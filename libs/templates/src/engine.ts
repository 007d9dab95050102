import { Liquid } from 'liquidjs';

/**
 * Tags that a template may use. The rest of Liquid reads files (include, render, layout, block) or numbers things
 * across a render (increment, cycle); a template is one text, and what it says follows from its values alone.
 */
const TAGS = new Set([
  'assign',
  'capture',
  'case',
  'comment',
  'echo',
  'for',
  'break',
  'continue',
  'if',
  'liquid',
  'raw',
  'unless',
  '#',
]);

/** Longest text that is parsed, in characters. The contract allows 256 KiB of HTML. */
const PARSE_LIMIT = 262_144;

/** Objects and characters that one render may make: loops and strings that double end here, whatever the machine. */
const MEMORY_LIMIT = 1_000_000;

/** Plain text: values stand as they are. */
export const textEngine = engine({});

/** HTML: every value is escaped where it is written. There is no way around it: `raw` is not among the filters. */
export const htmlEngine = engine({ outputEscape: 'escape' });

function engine(options: { outputEscape?: 'escape' }): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    parseLimit: PARSE_LIMIT,
    memoryLimit: MEMORY_LIMIT,
    // Look-ups go to this empty mapping and never to the file system, should a tag for files come back.
    templates: {},
    ...options,
  });
  for (const name of Object.keys(liquid.tags)) if (!TAGS.has(name)) delete liquid.tags[name];
  liquid.unregisterFilter('raw');
  return liquid;
}
