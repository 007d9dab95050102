import { type KeptSpan } from './span.js';

export interface TreeNode {
  service: string;
  name: string;
  /** Of the first where several alike were folded into one. */
  startMs: number;
  ms: number;
  failed: boolean;
  /** How many siblings alike stand behind it. */
  times: number;
  children: TreeNode[];
}

/**
 * The tree of a trace: its spans under their parents, and work that served several traces (a batch) under the span that
 * it links to. Spans whose parent nobody exported stand at the top.
 */
export function traceTree(spans: readonly KeptSpan[], traceId: string): TreeNode[] {
  const byParent = new Map<string, KeptSpan[]>();
  const placed = new Set<KeptSpan>();
  for (const span of spans) {
    if (span.parentId) byParent.set(span.parentId, [...(byParent.get(span.parentId) ?? []), span]);
  }
  const serving = (of: KeptSpan): KeptSpan[] =>
    spans.filter(
      ({ traceId: own, links }) => own !== traceId && links.some(({ spanId }) => spanId === of.spanId),
    );
  const begun = spans.filter((span) => span.traceId === traceId).map(({ startNs }) => startNs);
  const first = begun.reduce((a, b) => (a < b ? a : b), begun[0] ?? 0n);
  const nodeOf = (span: KeptSpan): TreeNode => {
    placed.add(span);
    const below = [...(byParent.get(span.spanId) ?? []), ...serving(span)].filter(
      (child) => !placed.has(child),
    );
    return {
      service: span.service,
      name: span.name,
      startMs: Number((span.startNs - first) / 1_000n) / 1_000,
      ms: Number((span.endNs - span.startNs) / 1_000n) / 1_000,
      failed: span.failed,
      times: 1,
      children: folded(inOrder(below).map(nodeOf)),
    };
  };
  const known = new Set(spans.map(({ spanId }) => spanId));
  const tops = spans.filter(
    (span) => span.traceId === traceId && (span.parentId === undefined || !known.has(span.parentId)),
  );
  // Work that served the part of the trace that nobody exported.
  const strays = spans.filter(
    ({ traceId: own, links }) =>
      own !== traceId && links.some((link) => link.traceId === traceId && !known.has(link.spanId)),
  );
  return folded(inOrder([...tops, ...strays]).map(nodeOf));
}

function inOrder(spans: KeptSpan[]): KeptSpan[] {
  return spans.sort((a, b) => Number(a.startNs - b.startNs));
}

/** Siblings of one service and name become one, with the time of all of them and what was below each. */
function folded(nodes: TreeNode[]): TreeNode[] {
  const kinds = new Map<string, TreeNode>();
  for (const node of nodes) {
    const kind = `${node.service} ${node.name}`;
    const first = kinds.get(kind);
    if (first === undefined) {
      kinds.set(kind, node);
      continue;
    }
    first.times += node.times;
    first.ms += node.ms;
    first.failed ||= node.failed;
    first.children = folded([...first.children, ...node.children]);
  }
  return [...kinds.values()];
}

/** At most `most` lines: what lies deepest is left out first, and counted. */
export function treeLines(tree: readonly TreeNode[], most = 40): string[] {
  for (let depth = 12; depth > 0; depth--) {
    const lines = tree.flatMap((node) => linesOf(node, 0, depth));
    if (lines.length <= most) return lines;
  }
  const lines = tree.flatMap((node) => linesOf(node, 0, 1));
  return [...lines.slice(0, most - 1), `... ${lines.length - most + 1} more`];
}

function linesOf(node: TreeNode, level: number, depth: number): string[] {
  const { service, name, startMs, ms, failed, times, children } = node;
  const hidden = level + 1 >= depth ? countOf(children) : 0;
  const text = [
    `${startMs.toFixed(0).padStart(6)} ms `,
    service.padEnd(10),
    `${'  '.repeat(level)}${name}`,
    times > 1 ? `x${times}` : '',
    `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`,
    failed ? 'FAILED' : '',
    hidden > 0 ? `(+ ${hidden} below)` : '',
  ];
  const line = text.filter(Boolean).join(' ');
  if (hidden > 0) return [line];
  return [line, ...children.flatMap((child) => linesOf(child, level + 1, depth))];
}

function countOf(nodes: readonly TreeNode[]): number {
  return nodes.reduce((sum, { times, children }) => sum + times + countOf(children), 0);
}
