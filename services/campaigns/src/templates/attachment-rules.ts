import { type campaignsV1 } from '@heed/contracts';
import { type FieldViolation } from '@heed/kernel';
import { type Channel } from '../campaigns/campaign.js';

const MEBIBYTE = 1024 * 1024;
export const LARGEST_ATTACHMENT = 2 * MEBIBYTE;
/** A request has 4 MiB at most (libs/rpc), and the texts stand in it too. */
export const LARGEST_ATTACHMENTS = 3 * MEBIBYTE;

const LONGEST_NAME = 100;

/** Whatever Windows, macOS or a mail program runs, mounts or obeys when it is opened; and documents with macros. */
const REFUSED_EXTENSIONS = new Set([
  ...['exe', 'com', 'scr', 'pif', 'cpl', 'dll', 'msi', 'msp', 'mst', 'bat', 'cmd', 'jar', 'jnlp', 'apk'],
  ...['js', 'jse', 'mjs', 'vb', 'vbs', 'vbe', 'ws', 'wsf', 'wsh', 'wsc', 'sct', 'ps1', 'psm1', 'hta', 'chm'],
  ...['lnk', 'url', 'scf', 'inf', 'reg', 'msc', 'application', 'gadget', 'library-ms', 'settingcontent-ms'],
  ...['iso', 'img', 'vhd', 'vhdx', 'dmg', 'pkg', 'app', 'command', 'sh', 'run', 'desktop', 'xll', 'one'],
  ...['docm', 'dotm', 'xlsm', 'xltm', 'xlam', 'pptm', 'potm', 'ppam', 'ppsm'],
]);
/** Programs, whatever they are named. */
const REFUSED_TYPES =
  /^(application|text)\/(x-)?(msdownload|msdos-program|dosexec|executable|elf|mach-binary|sh|shellscript|bat|java-archive|javascript|ecmascript|vbscript|hta|msi|ms-installer|ms-shortcut|iso9660-image|apple-diskimage|vnd\.microsoft\.portable-executable|vnd\.android\.package-archive)$/;

/** A name as it is kept: one form for what looks the same, and no blanks around it. */
export function cleanName(name: string): string {
  return name.normalize('NFC').trim();
}

/** What the contract's field rules cannot say. */
export function attachmentViolations(
  channel: Channel,
  attachments: readonly campaignsV1.NewAttachment[],
): FieldViolation[] {
  if (channel === 'voice' && attachments.length > 0) {
    return [{ field: 'attachments', reason: 'NOT_IN_A_SCRIPT' }];
  }
  const names = attachments.map(({ name }) => cleanName(name));
  const violations = attachments.flatMap((attachment, index) =>
    violationsOf(attachment, names.indexOf(names[index]!) < index).map(({ field, reason }) => ({
      field: `attachments[${index}].${field}`,
      reason,
    })),
  );
  const together = attachments.reduce((sum, { content }) => sum + content.length, 0);
  if (together > LARGEST_ATTACHMENTS) {
    violations.push({ field: 'attachments', reason: 'ATTACHMENTS_TOO_LARGE' });
  }
  return violations;
}

function violationsOf(
  { name, contentType, content }: campaignsV1.NewAttachment,
  isTaken: boolean,
): FieldViolation[] {
  const clean = cleanName(name);
  const violations: FieldViolation[] = [];
  if (!isFileName(clean)) violations.push({ field: 'name', reason: 'ATTACHMENT_NAME_INVALID' });
  else if (REFUSED_EXTENSIONS.has(extensionOf(clean))) {
    violations.push({ field: 'name', reason: 'ATTACHMENT_TYPE_REFUSED' });
  }
  if (isTaken) violations.push({ field: 'name', reason: 'ATTACHMENT_NAME_TWICE' });
  if (REFUSED_TYPES.test(contentType)) {
    violations.push({ field: 'content_type', reason: 'ATTACHMENT_TYPE_REFUSED' });
  }
  if (content.length > LARGEST_ATTACHMENT) {
    violations.push({ field: 'content', reason: 'ATTACHMENT_TOO_LARGE' });
  }
  return violations;
}

/**
 * A name that every system keeps as it is: no path, nothing that a header or a console takes for something else, no
 * mark that turns the writing round and shows `exe.pdf` for `fdp.exe`. Scripts like Devanagari need their joiners.
 */
function isFileName(name: string): boolean {
  return (
    name !== '' &&
    Array.from(name).length <= LONGEST_NAME &&
    !/[/\\:*?"<>|\p{Zl}\p{Zp}]/u.test(name) &&
    !/\p{C}/u.test(name.replaceAll(/[\u200c\u200d]/g, '')) &&
    // A dot at its end is taken away by Windows: `a.exe.` would be `a.exe`.
    !/^\.|\.$/.test(name)
  );
}

/** As a system would take it: `ＥＸＥ` in full-width letters, or with a joiner in it, is no other kind of file. */
function extensionOf(name: string): string {
  const plain = name
    .replaceAll(/[\u200c\u200d]/g, '')
    .normalize('NFKC')
    .toLowerCase();
  const dot = plain.lastIndexOf('.');
  return dot < 0 ? '' : plain.slice(dot + 1).trim();
}
