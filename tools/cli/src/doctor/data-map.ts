import { checkInstallation } from '@heed/checker';
import { SERVICES, type ServiceName } from '@heed/contracts';
import { ok, unreachable, type Finding } from './finding.js';

/** What no data map declares stops a service when it starts next: better known before. */
export async function dataMapFindings(databases: Record<ServiceName, string>): Promise<Finding[]> {
  try {
    const broken = (await checkInstallation(databases, ['I4'])).filter(({ count }) => count > 0);
    const sound = SERVICES.filter((service) => broken.every((finding) => finding.service !== service));
    return [
      ...sound.map((service) => ok(`${service} data map`, 'everything declared')),
      ...broken.map(({ service, says, ids }): Finding => ({
        ...{ severity: 'error', about: `${service} data map`, found: `${says}: ${ids.join(', ')}` },
        why: 'I4: no export shows it and no erasure reaches it; the service refuses to start',
        cure: 'drop it, or declare it as CONTRIBUTING.md says of a table',
      })),
    ];
  } catch (error) {
    return [unreachable('data map', error, 'are all six databases up?')];
  }
}
