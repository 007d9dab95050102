import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './place.js';

/** First sentences of what the contracts say about RPCs (`ListsService.GetList`) and messages (`ConsentChanged`). */
export function protoComments(folder: string): Map<string, string> {
  const said = new Map<string, string>();
  for (const file of readdirSync(join(root, folder)).filter((name) => name.endsWith('.proto'))) {
    let comment: string[] = [];
    let service = '';
    for (const line of readFileSync(join(root, folder, file), 'utf8').split('\n')) {
      const [, words] = /^\s*\/\/ ?(.*)$/.exec(line) ?? [];
      if (words !== undefined) {
        comment.push(words);
        continue;
      }
      service = /^service (\w+)/.exec(line)?.[1] ?? service;
      const rpc = /^\s*rpc (\w+)/.exec(line)?.[1];
      const message = /^message (\w+)/.exec(line)?.[1];
      if (rpc) said.set(`${service}.${rpc}`, firstSentence(comment));
      if (message) said.set(message, firstSentence(comment));
      comment = [];
    }
  }
  return said;
}

function firstSentence(comment: readonly string[]): string {
  const text = comment.join(' ').replaceAll('|', '\\|');
  return /^(.*?[^.A-Z]\.)(?= |$)/.exec(text)?.[1] ?? text;
}
