import { describe, expect, it } from '@jest/globals';
import { type Command } from 'commander';
import { program } from './program.js';

/** Every command, groups included, by its full name. */
function everyCommand(command: Command = program(), path: string[] = []): [string, Command][] {
  const name = [...path, command.name()];
  return [
    [name.join(' '), command],
    ...command.commands.flatMap((child) => everyCommand(child as Command, name)),
  ];
}

/** The help as it is printed, with what stands after the options. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (written) => (text += written), writeErr: () => undefined });
  command.outputHelp();
  return text;
}

describe('the help of', () => {
  it.each(everyCommand())(
    '%s says what it does, shows an example of itself and explains every option',
    (name, command) => {
      const help = helpOf(command);
      expect(command.description()).not.toBe('');
      expect(command.options.filter(({ description }) => description === '').map(({ long }) => long)).toEqual(
        [],
      );
      const example = help.slice(help.indexOf('Example: '));
      expect(help).toContain('Example: ');
      expect(example).toContain(name);
    },
  );

  it('the whole command line names every exit code', () => {
    const help = helpOf(program());
    for (const code of [0, 1, 2, 3, 4]) expect(help).toMatch(new RegExp(`(^|· |: )${code} \\w`, 'm'));
  });
});
