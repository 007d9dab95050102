import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { DomainError } from '@heed/kernel';

/**
 * Networks of machines: data centres, filters of mail servers. They change every week and stand on pages of those who
 * have them, so they are the installation's to list: a file with one network a line (192.0.2.0/24, 2001:db8::/32), and
 * what follows a # for people to read.
 */
export class MachineNetworks {
  private readonly networks = new BlockList();

  constructor(text: string) {
    text.split('\n').forEach((line, index) => this.add(line.replace(/#.*/, '').trim(), index + 1));
  }

  /** None where there is no file. Refuses with TRACKING_NETWORKS_INVALID. */
  static read(file: string | undefined): MachineNetworks {
    return new MachineNetworks(file === undefined ? '' : readFileSync(file, 'utf8'));
  }

  has(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.networks.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }

  private add(network: string, line: number): void {
    if (network === '') return;
    const [address = '', bits] = network.split('/');
    const family = isIP(address);
    const most = family === 6 ? 128 : 32;
    const prefix = bits === undefined ? most : Number(bits);
    if (family === 0 || !/^\d{0,3}$/.test(bits ?? '') || bits === '' || prefix > most) {
      throw new DomainError('TRACKING_NETWORKS_INVALID', 'failed-precondition', {
        message: `HEED_TRACKING_NETWORKS_FILE: line ${line} is no network such as 192.0.2.0/24`,
      });
    }
    this.networks.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
  }
}
