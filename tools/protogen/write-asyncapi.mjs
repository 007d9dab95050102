// The events of Heed as an AsyncAPI 3.1 document, made of the protos and their comments: topics are channels, events
// are messages, what a field may hold is its schema. The payload on the wire is protobuf; the schema is its JSON form.
import { createFileRegistry, fromBinary, getOption, hasOption } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const SERVICES = ['identity', 'contacts', 'campaigns', 'telephony', 'messaging', 'privacy'];
/** google.protobuf.FieldDescriptorProto.Type, and how protobuf's JSON writes it. */
const BYTES = 12;
const SCALARS = {
  ...Object.fromEntries([1, 2].map((type) => [type, { type: 'number' }])),
  ...Object.fromEntries([5, 7, 13, 15, 17].map((type) => [type, { type: 'integer', format: 'int32' }])),
  // 64 bits do not fit a JSON number: decimal text.
  ...Object.fromEntries(
    [3, 4, 6, 16, 18].map((type) => [type, { type: 'string', pattern: '^-?[0-9]{1,20}$' }]),
  ),
  8: { type: 'boolean' },
  9: { type: 'string' },
  [BYTES]: { type: 'string', contentEncoding: 'base64' },
};

/** `descriptorSet` with source info: comments are the descriptions. */
export function writeAsyncapi(descriptorSet, version) {
  const set = fromBinary(FileDescriptorSetSchema, descriptorSet);
  const registry = createFileRegistry(set);
  const [fieldOption, eventOption] = ['field', 'event'].map((name) =>
    registry.getExtension(`heed.options.v1.${name}`),
  );
  const comments = commentsIn(set);
  const schemas = {};
  const document = {
    asyncapi: '3.1.0',
    info: {
      title: 'Heed events',
      version,
      description:
        'CloudEvents in the Kafka protocol binding (binary content mode) with protobuf payloads. Events carry ids, ' +
        'enums, numbers, times and text with a declared pattern: never what names a person. Delivered at least once, ' +
        'in order per key within a topic.',
      tags: SERVICES.map((name) => ({ name, description: `Published by ${name}.` })),
    },
    defaultContentType: 'application/protobuf',
    channels: {},
    operations: {},
    components: { schemas, messages: {}, messageTraits: { cloudEvent: cloudEvent() } },
  };
  const messages = [...registry.files]
    .flatMap((file) => file.messages)
    .filter((message) => hasOption(message, eventOption))
    .sort((a, b) => a.typeName.localeCompare(b.typeName));
  for (const message of messages) {
    const event = getOption(message, eventOption);
    const name = message.typeName;
    document.components.messages[name] = {
      name,
      title: message.name,
      summary: comments.get(name) ?? '',
      contentType: 'application/protobuf',
      traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
      payload: schemaOf(message),
      bindings: { kafka: { key: keySchema(message, event.key), bindingVersion: '0.5.0' } },
      'x-ordered': event.ordered,
    };
    for (const service of event.topic.includes('*') ? SERVICES : [event.topic.split('.')[1]]) {
      const topic = event.topic.replace('*', service);
      const channel = (document.channels[topic] ??= {
        address: topic,
        title: topic,
        description: `Published by ${service}. The key of a record is the event's ${event.key}.`,
        messages: {},
        bindings: { kafka: { topic, bindingVersion: '0.5.0' } },
      });
      channel.messages[message.name] = { $ref: `#/components/messages/${name}` };
      document.operations[`${service}.publish${message.name}`] = {
        action: 'send',
        channel: { $ref: `#/channels/${topic}` },
        title: `${service} publishes ${message.name}`,
        description: comments.get(name) ?? '',
        tags: [{ name: service }],
        messages: [{ $ref: `#/channels/${topic}/messages/${message.name}` }],
      };
    }
  }
  document.channels = sorted(document.channels);
  document.operations = sorted(document.operations);
  document.components.schemas = sorted(schemas);
  return `${JSON.stringify(document, null, 2)}\n`;

  function schemaOf(message) {
    const name = message.typeName;
    if (!(name in schemas)) {
      schemas[name] = {};
      const required = message.fields
        .filter((field) => ruleOf(field)?.required)
        .map(({ jsonName }) => jsonName);
      schemas[name] = {
        type: 'object',
        description: comments.get(name) ?? '',
        properties: Object.fromEntries(message.fields.map((field) => [field.jsonName, propertyOf(field)])),
        ...(required.length > 0 && { required }),
      };
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  function propertyOf(field) {
    const description = comments.get(`${field.parent.typeName}.${field.name}`) ?? '';
    if (field.fieldKind === 'list') return { type: 'array', description, items: valueOf(field) };
    if (field.fieldKind === 'map')
      return { type: 'object', description, additionalProperties: { type: 'string' } };
    const value = valueOf(field);
    return value.$ref ? { description, allOf: [value] } : { ...value, description };
  }

  function valueOf(field) {
    if (field.message) return schemaOf(field.message);
    if (field.enum) return { type: 'string', enum: field.enum.values.map(({ name }) => name) };
    const { uuid, pattern, maxLength, min, max, embeds } = ruleOf(field) ?? {};
    const scalar = SCALARS[field.scalar];
    return {
      ...scalar,
      ...(uuid && { format: 'uuid' }),
      ...(pattern && { pattern: `^(?:${pattern})$` }),
      // Of bytes it counts octets: base64 has four characters for three of them.
      ...(maxLength && { maxLength: field.scalar === BYTES ? Math.ceil(maxLength / 3) * 4 : maxLength }),
      ...(min !== undefined && scalar.type !== 'string' && { minimum: Number(min) }),
      ...(max !== undefined && scalar.type !== 'string' && { maximum: Number(max) }),
      ...(embeds && { 'x-protobuf-message': embeds }),
    };
  }

  function ruleOf(field) {
    return hasOption(field, fieldOption) ? getOption(field, fieldOption) : undefined;
  }

  function keySchema(message, key) {
    return valueOf(message.fields.find((field) => field.name === key));
  }
}

/** Headers of every record. SPEC: CloudEvents 1.0, Kafka protocol binding, section 3.2. */
function cloudEvent() {
  const text = (description, more = {}) => ({ type: 'string', description, ...more });
  return {
    headers: {
      type: 'object',
      required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_tenantid', 'content-type'],
      properties: {
        ce_specversion: text('Version of CloudEvents.', { const: '1.0' }),
        ce_id: text('Id of the event; a record that comes again bears it again.', { format: 'uuid' }),
        ce_type: text('Full name of the payload’s message.'),
        ce_source: text('Service that published it.', { pattern: '^heed/[a-z]+$' }),
        ce_time: text('Time of the transaction.', { format: 'date-time' }),
        ce_tenantid: text('Tenant; a payload that says otherwise is refused.', { format: 'uuid' }),
        ce_subject: text('Id of whom the event is about, where it is about one.', { format: 'uuid' }),
        ce_sequence: text('Number under the subject, where events are ordered; compared as text.', {
          pattern: '^[0-9]{20}$',
        }),
        ce_dataschema: text('Which message the payload is.', { pattern: '^urn:heed:proto:' }),
        traceparent: text('W3C trace context of the transaction.'),
        'content-type': text('Form of the payload.', { const: 'application/protobuf' }),
      },
    },
  };
}

/** Leading comments by full name: of messages, and of fields as `<message>.<field>`. */
function commentsIn(set) {
  const comments = new Map();
  for (const file of set.file) {
    const at = new Map(
      (file.sourceCodeInfo?.location ?? []).map(({ path, leadingComments }) => [
        path.join('.'),
        leadingComments,
      ]),
    );
    const note = (name, path) => {
      const said = at
        .get(path.join('.'))
        ?.trim()
        .replace(/\s*\n\s*/g, ' ');
      if (said) comments.set(name, said);
    };
    const visit = (message, name, path) => {
      note(name, path);
      message.field.forEach((field, i) => note(`${name}.${field.name}`, [...path, 2, i]));
      message.nestedType.forEach((nested, i) => visit(nested, `${name}.${nested.name}`, [...path, 3, i]));
    };
    file.messageType.forEach((message, i) => visit(message, `${file.package}.${message.name}`, [4, i]));
  }
  return comments;
}

function sorted(record) {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
