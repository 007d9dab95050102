// Reads Heed's options out of a descriptor set and refuses a contract that breaks its own rules: an RPC without a
// rule, an event that could carry a direct identifier (I3).
import { createFileRegistry, fromBinary, getOption, hasOption } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const IDEMPOTENCY = { 1: 'safe', 2: 'request_id', 3: 'none', 4: 'absorbing' };

export function readRules(descriptorSet) {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet));
  const [ruleOption, fieldOption, eventOption] = ['rule', 'field', 'event'].map((name) =>
    registry.getExtension(`heed.options.v1.${name}`),
  );
  const optionOf = (element, extension) =>
    hasOption(element, extension) ? getOption(element, extension) : undefined;

  const rpcs = {};
  const messages = {};
  const events = [];
  const problems = [];
  for (const file of registry.files) {
    if (!file.proto.package.startsWith('heed.') || file.proto.package === 'heed.options.v1') continue;
    for (const service of file.services) {
      for (const method of service.methods) {
        const path = `/${service.typeName}/${method.name}`;
        const rule = optionOf(method, ruleOption);
        problems.push(...problemsOfRule(path, method, rule));
        if (rule) rpcs[path] = toRpcRule(rule, method);
      }
    }
    for (const message of allMessages(file.messages)) {
      const fields = {};
      for (const field of message.fields) {
        const rule = {
          ...toFieldRule(optionOf(field, fieldOption)),
          ...(field.message && { message: field.message.typeName }),
          ...(field.enum && { enum: field.enum.values.map((value) => value.number) }),
          ...(field.fieldKind === 'list' && { list: true }),
          ...(field.fieldKind === 'map' && { map: true }),
          ...(field.oneof && { oneof: field.oneof.localName }),
        };
        if (Object.keys(rule).length > 0) fields[field.localName] = rule;
      }
      if (Object.keys(fields).length > 0) messages[message.typeName] = fields;
      const event = optionOf(message, eventOption);
      if (event) {
        problems.push(...problemsOfEvent(message, event, (field) => optionOf(field, fieldOption), registry));
        events.push({
          name: message.typeName,
          topic: event.topic,
          key: localName(message, event.key),
          subject: event.subject ? localName(message, event.subject) : undefined,
          ordered: event.ordered,
        });
      }
    }
  }
  if (problems.length > 0) {
    for (const problem of problems) console.error(problem);
    throw new Error(`${problems.length} rules of the contracts are broken`);
  }
  events.sort((a, b) => a.name.localeCompare(b.name));
  return { rpcs, messages, events };
}

function* allMessages(messages) {
  for (const message of messages) {
    yield message;
    yield* allMessages(message.nestedMessages);
  }
}

function toRpcRule(rule, method) {
  return {
    request: method.input.typeName,
    permission: rule.permission,
    callers: [...rule.callers],
    idempotency: IDEMPOTENCY[rule.idempotency],
    public: rule.public,
    operator: rule.operator,
    anyMember: rule.anyMember,
    participants: rule.participants,
    revealsPersonalData: rule.revealsPersonalData,
  };
}

function toFieldRule(rule) {
  if (!rule) return {};
  return {
    ...(rule.required && { required: true }),
    ...(rule.uuid && { uuid: true }),
    ...(rule.maxLength && { maxLength: rule.maxLength }),
    ...(rule.pattern && { pattern: rule.pattern }),
    ...(rule.min !== undefined && { min: Number(rule.min) }),
    ...(rule.max !== undefined && { max: Number(rule.max) }),
    ...(rule.personal && { personal: rule.personal }),
    ...(rule.embeds && { embeds: rule.embeds }),
    ...(rule.time && { time: true }),
  };
}

function localName(message, name) {
  return message.fields.find((field) => field.name === name)?.localName;
}

function* problemsOfRule(path, method, rule) {
  if (!rule) {
    yield `${path}: has no (heed.options.v1.rule)`;
    return;
  }
  const someone =
    rule.permission ||
    rule.callers.length > 0 ||
    rule.public ||
    rule.operator ||
    rule.anyMember ||
    rule.participants;
  if (!someone) yield `${path}: nobody may call it: name a permission, callers, or public`;
  if (rule.public && (rule.permission || rule.callers.length > 0)) {
    yield `${path}: is public and names a permission or callers`;
  }
  if (!IDEMPOTENCY[rule.idempotency]) yield `${path}: says nothing about idempotency`;
  const takesRequestId = method.input.fields.some((field) => field.name === 'request_id');
  if (rule.idempotency === 2 && !takesRequestId) yield `${path}: IDEMPOTENCY_REQUEST_ID without a request_id`;
}

/** I3: ids, enums, numbers, times, strings with a declared pattern; bytes with a stated length. */
function* problemsOfEvent(message, event, ruleOf, registry, seen = new Set()) {
  if (event && !event.topic) yield `${message.typeName}: has no topic`;
  if (event && !localName(message, event.key)) yield `${message.typeName}: its key is no field`;
  if (event?.subject && !localName(message, event.subject))
    yield `${message.typeName}: its subject is no field`;
  if (seen.has(message.typeName)) return;
  seen.add(message.typeName);
  for (const field of message.fields) {
    const where = `${message.typeName}.${field.name}`;
    const rule = ruleOf(field);
    if (rule?.personal) yield `${where}: an event may not carry personal data (${rule.personal})`;
    if (rule?.embeds)
      yield* problemsOfEvent(registry.getMessage(rule.embeds), undefined, ruleOf, registry, seen);
    if (field.message) yield* problemsOfEvent(field.message, undefined, ruleOf, registry, seen);
    const isText = field.scalar === 9 || (field.fieldKind === 'list' && field.scalar === 9);
    if (isText && !rule?.uuid && !rule?.pattern) yield `${where}: text in an event needs uuid or a pattern`;
    if (field.scalar === 12 && !rule?.maxLength) yield `${where}: bytes in an event need max_length`;
  }
}
