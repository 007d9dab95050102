import { readFileSync } from 'node:fs';
import {
  type Server,
  type ServerDuplexStream,
  type ServiceDefinition,
  status as Status,
} from '@grpc/grpc-js';
import { descriptorSet } from '@heed/contracts';
import { DescriptorIndex } from './descriptor-index.js';
import {
  ServerReflectionService,
  type ServerReflectionRequest as Request,
  type ServerReflectionResponse as Response,
} from './wire/grpc/reflection/v1/reflection.js';

type Answer = Response['messageResponse'];

// Which files and symbols there are is the same for every server of the process, and asked for by people only.
let index: DescriptorIndex | undefined;

/** SPEC: grpc.reflection.v1, and v1alpha under its older name for older clients; the messages are the same. */
export function addReflection(server: Server, services: readonly string[]): void {
  const listed = [...services, 'grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection'];
  const handler = (call: ServerDuplexStream<Request, Response>): void => {
    call.on('data', (request: Request) => {
      call.write({
        validHost: request.host,
        originalRequest: request,
        messageResponse: answerTo(request, listed),
      });
    });
    call.on('end', () => call.end());
  };
  server.addService(ServerReflectionService, { serverReflectionInfo: handler });
  server.addService(alpha(ServerReflectionService), { serverReflectionInfo: handler });
}

function answerTo({ messageRequest }: Request, services: readonly string[]): Answer {
  index ??= new DescriptorIndex([
    descriptorSet(),
    readFileSync(new URL('../descriptors/wire.binpb', import.meta.url)),
  ]);
  switch (messageRequest?.$case) {
    case 'listServices':
      return { $case: 'listServicesResponse', value: { service: services.map((name) => ({ name })) } };
    case 'fileByFilename':
      return filesOf(messageRequest.value);
    case 'fileContainingSymbol':
      return filesOf(index.fileOf(messageRequest.value));
    default:
      // Extensions are listed nowhere: ours are options, which whoever has the file can read.
      return refused(Status.UNIMPLEMENTED, 'not served');
  }
}

function filesOf(name: string | undefined): Answer {
  const fileDescriptorProto = name === undefined ? undefined : index?.withDependencies(name);
  if (fileDescriptorProto === undefined) return refused(Status.NOT_FOUND, 'no such file or symbol');
  return { $case: 'fileDescriptorResponse', value: { fileDescriptorProto } };
}

function refused(errorCode: number, errorMessage: string): Answer {
  return { $case: 'errorResponse', value: { errorCode, errorMessage } };
}

function alpha(definition: typeof ServerReflectionService): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(definition).map(([name, method]) => [
      name,
      { ...method, path: method.path.replace('.v1.', '.v1alpha.') },
    ]),
  );
}
