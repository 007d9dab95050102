import { campaignsV1, typesV1 } from '@heed/contracts';
import { type FieldViolation } from '@heed/kernel';
import { type TemplateKind, type TemplateVariable, type VariableKind } from '@heed/templates';

const KINDS: Record<VariableKind, campaignsV1.VariableKind> = {
  text: campaignsV1.VariableKind.VARIABLE_KIND_TEXT,
  code: campaignsV1.VariableKind.VARIABLE_KIND_CODE,
  number: campaignsV1.VariableKind.VARIABLE_KIND_NUMBER,
  date: campaignsV1.VariableKind.VARIABLE_KIND_DATE,
  link: campaignsV1.VariableKind.VARIABLE_KIND_LINK,
};
const LENGTH = 200;

export function kindOf(code: campaignsV1.TemplateKind): TemplateKind {
  return code === campaignsV1.TemplateKind.TEMPLATE_KIND_TRANSACTIONAL ? 'transactional' : 'marketing';
}

export function kindCode(kind: TemplateKind): campaignsV1.TemplateKind {
  return kind === 'transactional'
    ? campaignsV1.TemplateKind.TEMPLATE_KIND_TRANSACTIONAL
    : campaignsV1.TemplateKind.TEMPLATE_KIND_MARKETING;
}

/** As a row keeps them. */
export function storedVariables(variables: readonly campaignsV1.TemplateVariable[]): string[] {
  return variables.map(
    ({ name, kind, maxLength }) => `${name} ${variableKindOf(kind)} ${maxLength || LENGTH}`,
  );
}

export function variablesIn(stored: readonly string[]): TemplateVariable[] {
  return stored.map((text) => {
    const [name, kind, maxLength] = text.split(' ') as [string, VariableKind, string];
    return { name, kind, maxLength: Number(maxLength) };
  });
}

export function variableMessages(stored: readonly string[]): campaignsV1.TemplateVariable[] {
  return variablesIn(stored).map(({ kind, ...rest }) => ({ ...rest, kind: KINDS[kind] }));
}

/** What the contract's field rules cannot say. */
export function variableViolations({
  channel,
  kind,
  variables,
}: Pick<campaignsV1.CreateTemplateRequest, 'channel' | 'kind' | 'variables'>): FieldViolation[] {
  const names = variables.map(({ name }) => name);
  const violations: FieldViolation[] = [];
  if (names.length > 0 && kindOf(kind) === 'marketing') {
    violations.push({ field: 'variables', reason: 'NOT_IN_MARKETING' });
  }
  if (channel === typesV1.Channel.CHANNEL_VOICE && kindOf(kind) === 'transactional') {
    violations.push({ field: 'kind', reason: 'NOT_IN_A_SCRIPT' });
  }
  names.forEach((name, index) => {
    if (names.indexOf(name) < index) violations.push({ field: `variables[${index}].name`, reason: 'TWICE' });
  });
  return violations;
}

function variableKindOf(code: campaignsV1.VariableKind): VariableKind {
  return (Object.keys(KINDS) as VariableKind[]).find((kind) => KINDS[kind] === code) ?? 'text';
}
