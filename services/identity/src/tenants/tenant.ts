/** A customer organisation: the controller of its contacts' data. */
export interface Tenant {
  tenantId: string;
  slug: string;
  name: string;
  createdAt: Date;
}
