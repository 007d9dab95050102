import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SpecialCases } from '@heed/data-rights';

/** Probes look for members by the addresses of whoever was erased: a member who lives there is somebody else, or stays one. */
@Injectable()
export class FindByEmail implements OnModuleInit {
  constructor(private readonly special: SpecialCases) {}

  onModuleInit(): void {
    this.special.addSearch({
      store: 'member',
      by: 'lower(t.email)',
      forms: async (_tenantId, people) =>
        people.map((given) =>
          given
            .filter(({ channel }) => channel === 'email')
            .map(({ address }) => address.trim().toLowerCase()),
        ),
    });
  }
}
