import { createInterface } from 'node:readline/promises';

export async function confirmed(question = 'What is there now is lost.'): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error('nobody can be asked here: --yes says that it shall be done');
    return false;
  }
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await ask.question(`    ${question} Type yes to go on: `);
  ask.close();
  return answer.trim() === 'yes';
}
