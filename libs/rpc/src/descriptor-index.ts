import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

interface File {
  bytes: Buffer;
  dependencies: string[];
}

/**
 * The files of FileDescriptorSets by name and by symbol, as raw bytes. Reflection hands out the very bytes that the
 * compiler wrote: a description put together again from parsed messages loses our options and map fields, and grpcurl
 * refuses it. Reading just the names costs 1 ms; decoding the set with the full library costs 18 MB.
 */
export class DescriptorIndex {
  private readonly files = new Map<string, File>();
  private readonly symbols = new Map<string, string>();

  constructor(descriptorSets: readonly Uint8Array[]) {
    for (const set of descriptorSets) {
      // SPEC: descriptor.proto: FileDescriptorSet.file = 1
      forEachField(set, (no, bytes) => no === 1 && this.addFile(Buffer.from(bytes)));
    }
  }

  /** The file and all it imports, itself first, each once. */
  withDependencies(name: string): Buffer[] | undefined {
    if (!this.files.has(name)) return undefined;
    const found = new Map<string, Buffer>();
    const visit = (file: string): void => {
      const entry = this.files.get(file);
      if (entry === undefined || found.has(file)) return;
      found.set(file, entry.bytes);
      entry.dependencies.forEach(visit);
    };
    visit(name);
    return [...found.values()];
  }

  /** The name of the file that declares a service, RPC, message, enum, enum value or extension. */
  fileOf(symbol: string): string | undefined {
    return this.symbols.get(symbol);
  }

  // SPEC: descriptor.proto: FileDescriptorProto name = 1, package = 2, dependency = 3, message_type = 4, enum_type = 5,
  // service = 6, extension = 7
  private addFile(bytes: Buffer): void {
    let name = '';
    let scope = '';
    const dependencies: string[] = [];
    const declared: string[] = [];
    forEachField(bytes, (no, value) => {
      if (no === 1) name = text(value);
      else if (no === 2) scope = `${text(value)}.`;
      else if (no === 3) dependencies.push(text(value));
      else if (no === 4) declared.push(...symbolsOfMessage(value));
      else if (no === 5) declared.push(...symbolsOfEnum(value));
      else if (no === 6) declared.push(...symbolsOf(value, 2));
      else if (no === 7) declared.push(nameOf(value));
    });
    this.files.set(name, { bytes, dependencies });
    for (const symbol of declared) this.symbols.set(`${scope}${symbol}`, name);
  }
}

// SPEC: descriptor.proto: DescriptorProto field = 2, nested_type = 3, enum_type = 4
function symbolsOfMessage(bytes: Uint8Array): string[] {
  const name = nameOf(bytes);
  const inner: string[] = [];
  forEachField(bytes, (no, value) => {
    if (no === 2) inner.push(nameOf(value));
    else if (no === 3) inner.push(...symbolsOfMessage(value));
    else if (no === 4) inner.push(...symbolsOfEnum(value));
  });
  return [name, ...inner.map((symbol) => `${name}.${symbol}`)];
}

/** An enum's values are siblings of the enum, as in C++. */
function symbolsOfEnum(bytes: Uint8Array): string[] {
  const [name, ...values] = symbolsOf(bytes, 2);
  return [name!, ...values.map((value) => value.slice(name!.length + 1))];
}

/** The name, and the names of what field `no` holds: methods of a service, values of an enum. */
function symbolsOf(bytes: Uint8Array, member: number): string[] {
  const name = nameOf(bytes);
  const symbols = [name];
  forEachField(bytes, (no, value) => no === member && symbols.push(`${name}.${nameOf(value)}`));
  return symbols;
}

/** Every descriptor's field 1 is its name. */
function nameOf(bytes: Uint8Array): string {
  let name = '';
  forEachField(bytes, (no, value) => {
    if (no === 1) name = text(value);
  });
  return name;
}

function forEachField(bytes: Uint8Array, visit: (no: number, value: Uint8Array) => unknown): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [no, type] = reader.tag();
    if (type === WireType.LengthDelimited) visit(no, reader.bytes());
    else reader.skip(type, no);
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
