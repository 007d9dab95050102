import { Injectable } from '@nestjs/common';

/** Tells the sender of this process that a tenant has work, in the moment of the commit. Polling finds the rest. */
@Injectable()
export class WorkBell {
  private listener: (tenantId: string) => void = () => undefined;

  ring(tenantId: string): void {
    this.listener(tenantId);
  }

  onRing(listener: (tenantId: string) => void): void {
    this.listener = listener;
  }
}
