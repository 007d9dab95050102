import { Option, type Command } from 'commander';
import { contactsV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';
import { time } from '../words.js';

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

export function addForms(heed: Command, context: Context): void {
  const forms = heed
    .command('forms')
    .description('Forms by which people put themselves on a list, and confirm it by mail');
  withExample(forms, 'heed forms list');
  addCreate(forms, context);
  addList(forms, context);
  addShow(forms, context);
  addUpdate(forms, context);
}

interface Given {
  list: string;
  purpose: string[];
  template: string;
  wording: string;
  sender: string;
  origin: string[];
  language: string;
}

function addCreate(forms: Command, context: Context): void {
  const create = forms
    .command('create <name>')
    .description('Makes a form, and prints the address of its page.')
    .requiredOption('--list <list-id>', 'list that who confirms is put on')
    .requiredOption('--purpose <purpose>', 'purpose that they agree to; may be given five times', collect)
    .requiredOption('--template <template-id>', 'template by whose sender the mail comes')
    .requiredOption('--wording <text>', 'what people are shown and agree to')
    .option('--sender <address>', 'sender that the consent is to; without it: every sender', '')
    .option(
      '--origin <origin>',
      'page that may send it, as https://www.example.org; may be repeated',
      collect,
      [],
    )
    .addOption(
      new Option('--language <language>', 'of the mail and the page')
        .choices(['en', 'de', 'es', 'fr', 'hi'])
        .default('en'),
    );
  withExample(
    create,
    'heed forms create News --list 0199... --purpose newsletter --template 0199... --wording "Send me the news."',
  ).action(async (name: string, given: Given) => {
    const { list: listId, purpose: purposes, template: templateId, origin: allowedOrigins, ...rest } = given;
    const { signUpForm } = await context.asMember((client) =>
      client.signUpForms.createSignUpForm({
        ...{ requestId: newId(), name, listId, purposes, templateId, allowedOrigins, ...rest },
      }),
    );
    print(context, signUpForm!);
  });
}

function addList(forms: Command, context: Context): void {
  const list = forms
    .command('list')
    .description('Forms by time of creation.')
    .option(...LIMIT);
  withExample(list, 'heed forms list').action(async ({ limit }: { limit: number }) => {
    const found = await context.asMember((client) =>
      upTo(limit, async (page) => {
        const { signUpForms, nextPageToken } = await client.signUpForms.listSignUpForms(page);
        return { rows: signUpForms, next: nextPageToken };
      }),
    );
    context.output.list(found, {
      json: contactsV1.SignUpForm.toJSON,
      row: shortOf,
      columns: ['id', 'name', 'purposes', 'language', 'open', 'made'],
    });
  });
}

function addShow(forms: Command, context: Context): void {
  const show = forms.command('show <form-id>').description('One form.');
  withExample(show, 'heed forms show 0199...').action(async (signUpFormId: string) => {
    const { signUpForm } = await context.asMember((client) =>
      client.signUpForms.getSignUpForm({ signUpFormId }),
    );
    print(context, signUpForm!);
  });
}

function addUpdate(forms: Command, context: Context): void {
  const update = forms
    .command('update <form-id>')
    .description('Changes the words, the pages that may send it, or whether it is open.')
    .option('--wording <text>', 'other words, which are another version')
    .option('--origin <origin>', 'pages that may send it, in the place of those before', collect)
    .option('--open', 'it takes sign-ups')
    .option('--closed', 'it takes none; what was sent before can still be confirmed');
  withExample(update, 'heed forms update 0199... --closed').action(
    async (
      signUpFormId: string,
      given: { wording?: string; origin?: string[]; open?: true; closed?: true },
    ) => {
      const { wording, origin, open = false, closed = false } = given;
      const updateMask = [
        ...(wording === undefined ? [] : ['wording']),
        ...(origin === undefined ? [] : ['allowed_origins']),
        ...(open || closed ? ['is_open'] : []),
      ];
      const { signUpForm } = await context.asMember((client) =>
        client.signUpForms.updateSignUpForm({
          ...{ signUpFormId, updateMask, wording: wording ?? '', allowedOrigins: origin ?? [], isOpen: open },
        }),
      );
      print(context, signUpForm!);
    },
  );
}

function print({ output }: Context, form: contactsV1.SignUpForm): void {
  if (output.isJson) output.record(contactsV1.SignUpForm.toJSON(form) as object);
  else
    output.record({
      ...{ ...shortOf(form), list: form.listId, template: form.templateId, sender: form.sender },
      ...{ origins: form.allowedOrigins.join(' '), version: form.wordingVersion, page: form.url },
      wording: form.wording,
    });
}

function shortOf(form: contactsV1.SignUpForm): object {
  const { signUpFormId: id, name, purposes, language, isOpen, createdAt } = form;
  return {
    ...{ id, name, purposes: purposes.join(' '), language, open: isOpen ? 'yes' : 'no' },
    made: time(createdAt),
  };
}
