import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type FrameSettings } from '@heed/config';
import { serverSettings, type Tx } from '@heed/postgres';
import { refusal } from '../errors.js';

/**
 * A failover to a standby that lags forgets opt-outs that were acknowledged (ATTACKS 2.3). So in production permits are
 * issued only where no commit is acknowledged before a standby has it on disk. Asked in the very transaction that
 * issues: the setting can change at any reload. Whether a standby is there at this moment need not be asked: without
 * one the commit does not come back.
 */
@Injectable()
export class Durability {
  constructor(@Inject(SETTINGS) private readonly settings: Pick<FrameSettings, 'HEED_ENV'>) {}

  async demand(tx: Tx): Promise<void> {
    if (this.settings.HEED_ENV !== 'production') return;
    const { rpoZero, durable } = await serverSettings(tx.client);
    if (!rpoZero || !durable) throw refusal('DB_RPO_NOT_ZERO');
  }
}
