import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './place.js';

export function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
}

/** Every node of this kind, wherever it stands. */
export function nodesOf<T extends ts.Node>(top: ts.Node, is: (node: ts.Node) => node is T): T[] {
  const found: T[] = [];
  const visit = (node: ts.Node): void => {
    if (is(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(top);
  return found;
}

/** `const NAME = 'text'` at the top of these files. */
export function constantsIn(files: readonly ts.SourceFile[]): Map<string, string> {
  const constants = new Map<string, string>();
  for (const { name, initializer } of files.flatMap((file) => nodesOf(file, ts.isVariableDeclaration))) {
    if (ts.isIdentifier(name) && initializer && ts.isStringLiteralLike(initializer)) {
      constants.set(name.text, initializer.text);
    }
  }
  return constants;
}

/** What an expression says, where it is a text, a constant, or a choice between such. */
export function textsOf(node: ts.Expression | undefined, constants: ReadonlyMap<string, string>): string[] {
  if (!node) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) {
    return [...textsOf(node.whenTrue, constants), ...textsOf(node.whenFalse, constants)];
  }
  if (ts.isIdentifier(node)) return [constants.get(node.text)].filter((text) => text !== undefined);
  return [];
}

export function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const property of object.properties) {
    if (ts.isPropertyAssignment(property) && property.name.getText() === name) return property.initializer;
  }
  return undefined;
}
