import { canonicalJson, leafHash, verifyInclusion, verifySignature } from '@heed/kernel';
import {
  readCanonical,
  sweepForm,
  type CertificateFile,
  type RequestStatement,
  type SweepStatement,
} from './certificate-file.js';
import { type ProvedLeaves } from './proved-leaves.js';
import { refuse } from './refusal.js';

/** What services have found in searches by value since the request was closed: one statement each, the latest. */
export function proveSweeps(
  file: CertificateFile['sweeps'],
  request: RequestStatement,
  closed: number,
  leaves: ProvedLeaves,
): SweepStatement[] {
  const proved = file.map((sweep) => proveSweep(sweep, leaves));
  file.forEach(({ leaf }, at) => {
    const said = proved[at]!;
    if (leaf <= closed)
      throw refuse('SWEEP_NOT_PROVED', `${said.service} was swept before the request was closed`);
    const isOurs =
      request.right === 'ERASURE' &&
      said.tenant === request.tenant &&
      said.request === request.request &&
      said.subject === request.subject &&
      said.service in request.manifests;
    if (!isOurs)
      throw refuse('STATEMENT_OF_ANOTHER', `what ${said.service} says of a sweep is not about this request`);
    const before = proved[at - 1];
    if (before && before.service >= said.service) {
      throw refuse('CERTIFICATE_MALFORMED', 'the sweeps are not in order of their services, each once');
    }
  });
  return proved;
}

function proveSweep(
  { leaf: index, path: proof, position, salt, statement: bytes }: CertificateFile['sweeps'][number],
  leaves: ProvedLeaves,
): SweepStatement {
  const leaf = leaves.take(index, 'sweep');
  const { key } = leaves.keyOf(leaf, index);
  const signed = canonicalJson({
    key_id: leaf.key_id,
    root: leaf.root.toString('base64'),
    service: leaf.service,
    signed_at: leaf.signed_at,
    sweep: leaf.sweep,
    tree_size: leaf.tree_size,
  });
  if (!verifySignature(key, Buffer.from(`heed sweep v1\n${signed}`), leaf.signature)) {
    throw refuse('RECEIPT_NOT_SIGNED', `the sweep of leaf ${index} is not signed by ${leaf.service}`);
  }
  const committed = leafHash(Buffer.concat([salt, bytes]));
  const { root, tree_size: size } = leaf;
  if (!verifyInclusion({ leafHash: committed, index: position, size, proof, root })) {
    throw refuse('STATEMENT_NOT_COMMITTED', `a statement is not in the sweep of leaf ${index}`);
  }
  const said = readCanonical(bytes, sweepForm, 'CERTIFICATE_MALFORMED', `the statement of leaf ${index}`);
  if (said.service !== leaf.service || said.sweep !== leaf.sweep) {
    throw refuse('STATEMENT_OF_ANOTHER', `the statement of leaf ${index} is not about its sweep`);
  }
  return said;
}
