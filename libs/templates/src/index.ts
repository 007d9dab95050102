export {
  CONTACT_FIELDS,
  contactFieldsOf,
  parseTemplate,
  type ParsedTemplate,
  type TemplateSource,
} from './parse-template.js';
export { renderEmail, renderScript, type RenderedEmail, type RenderEmail } from './render-email.js';
