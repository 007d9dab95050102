import { type Command } from 'commander';

/** Ends a command's help with examples that can be typed as they stand; a spec demands one of every command. */
export function withExample(command: Command, ...lines: string[]): Command {
  const [first, ...others] = lines;
  return command.addHelpText(
    'after',
    `\nExample: ${[first, ...others.map((line) => `         ${line}`)].join('\n')}`,
  );
}
