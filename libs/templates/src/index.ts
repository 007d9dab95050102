export {
  CONTACT_FIELDS,
  contactFieldsOf,
  parseTemplate,
  type ParsedTemplate,
  type TemplateSource,
} from './parse-template.js';
export { breaksLines, onOneLine } from './one-line.js';
export {
  checkSubject,
  renderEmail,
  renderScript,
  type RenderedEmail,
  type RenderEmail,
} from './render-email.js';
export { type TemplateKind } from './parse-template.js';
export {
  sampleValues,
  VARIABLE_KINDS,
  valueViolations,
  type TemplateVariable,
  type VariableKind,
} from './variables.js';
