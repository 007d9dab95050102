import { afterEach, describe, expect, it } from '@jest/globals';
import { type KeptSpan } from './span.js';
import { TraceSink } from './trace-sink.js';
import { traceTree, treeLines } from './trace-tree.js';

let now = 0n;

function span(spanId: string, given: Partial<KeptSpan> = {}): KeptSpan {
  now += 1_000_000n;
  return {
    ...{ traceId: 't', spanId, parentId: undefined, links: [], service: 'contacts', name: spanId },
    ...{ startNs: now, endNs: now + 2_000_000n, failed: false },
    ...given,
  };
}

describe('the tree of a trace', () => {
  it('puts spans under their parents, and those whose parent nobody exported at the top', () => {
    const tree = traceTree(
      [
        span('b', { parentId: 'a' }),
        span('a', { parentId: 'of a stranger' }),
        span('x', { traceId: 'other' }),
      ],
      't',
    );
    expect(tree).toMatchObject([{ name: 'a', children: [{ name: 'b', children: [] }] }]);
  });

  it('shows a batch that served several traces under the span of each that it links to, with what came of it', () => {
    const links = [
      { traceId: 't', spanId: 'a' },
      { traceId: 'u', spanId: 'c' },
    ];
    const spans = [
      span('a'),
      span('c', { traceId: 'u' }),
      span('batch', { traceId: 'v', links }),
      span('below', { traceId: 'v', parentId: 'batch' }),
    ];
    for (const [traceId, top] of [
      ['t', 'a'],
      ['u', 'c'],
    ] as const) {
      expect(traceTree(spans, traceId)).toMatchObject([
        { name: top, children: [{ name: 'batch', children: [{ name: 'below' }] }] },
      ]);
    }
  });

  it('folds siblings that are alike, and says when one of them failed', () => {
    const tree = traceTree(
      [
        span('a'),
        ...['1', '2', '3'].map((id) => span(id, { parentId: 'a', name: 'send', failed: id === '2' })),
      ],
      't',
    );
    expect(tree[0]?.children).toMatchObject([{ name: 'send', times: 3, failed: true, ms: 6 }]);
  });

  it('fits on a screen: what lies deepest is counted and not shown', () => {
    const spans = [
      span('a'),
      ...Array.from({ length: 9 }, (_, i) => span(`b${i}`, { parentId: 'a' })),
      ...Array.from({ length: 9 }, (_, i) => span(`c${i}`, { parentId: `b${i}` })),
    ];
    expect(treeLines(traceTree(spans, 't'), 40)).toHaveLength(19);
    const few = treeLines(traceTree(spans, 't'), 10);
    expect(few).toHaveLength(10);
    expect(few.at(-1)).toMatch(/\(\+ 1 below\)$/);
  });
});

describe('the sink', () => {
  const closing: TraceSink[] = [];
  afterEach(async () => void (await Promise.all(closing.splice(0).map((sink) => sink.close()))));

  it('takes OTLP by HTTP and keeps no more than it may, the newest', async () => {
    const sink = await TraceSink.open(2);
    closing.push(sink);
    for (const id of ['1', '2', '3']) {
      const answer = await fetch(`${sink.url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(exported(id)),
      });
      expect(answer.status).toBe(200);
    }
    expect(sink.spans).toMatchObject([
      { spanId: '2', service: 'contacts', name: 'inbox.handle contacts.orders', failed: true },
      { spanId: '3' },
    ]);
  });
});

function exported(spanId: string): object {
  const attributes = [{ key: 'heed.consumer', value: { stringValue: 'contacts.orders' } }];
  const times = { startTimeUnixNano: '1000000', endTimeUnixNano: '2000000' };
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'heed-contacts' } }] },
        scopeSpans: [
          {
            spans: [
              { traceId: 't', spanId, name: 'inbox.handle', ...times, attributes, status: { code: 2 } },
            ],
          },
        ],
      },
    ],
  };
}
