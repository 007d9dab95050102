import { describe, expect, it } from '@jest/globals';
import { MachineNetworks } from './machine-networks.js';

describe('networks of machines', () => {
  it('are those that the file lists, in both families', () => {
    const networks = new MachineNetworks('# clouds\n192.0.2.0/24 # one\n\n2001:db8::/32\r\n198.51.100.7\n');
    expect(['192.0.2.200', '2001:db8::1', '198.51.100.7'].map((address) => networks.has(address))).toEqual([
      ...[true, true, true],
    ]);
    expect(
      ['192.0.3.1', '2001:db9::1', '198.51.100.8', '', 'x'].some((address) => networks.has(address)),
    ).toBe(false);
  });

  it('are none without a file', () => {
    expect(MachineNetworks.read(undefined).has('192.0.2.1')).toBe(false);
  });

  it.each(['192.0.2.0/33', '192.0.2/24', 'example.org', '192.0.2.0/', '192.0.2.0/x', '2001:db8::/129'])(
    'are refused with the line that is wrong: %s',
    (line) => {
      expect(() => new MachineNetworks(`192.0.2.0/24\n${line}`)).toThrow(/line 2/);
    },
  );
});
