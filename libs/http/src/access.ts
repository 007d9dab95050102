import { SetMetadata } from '@nestjs/common';

/** Who may use a route. */
export type Access = { public: true } | { anyMember: true } | { permission: string };

export const ACCESS = 'heed.access';

/** Members whose roles permit this. The same permissions as in the contracts of gRPC. */
export const HttpPermission = (permission: string) => SetMetadata<string, Access>(ACCESS, { permission });

/** Every member, about themself. */
export const AnyMemberRoute = () => SetMetadata<string, Access>(ACCESS, { anyMember: true });

/** Everybody: sign-in, one-click links, webhooks. The route has to establish by itself whom it may believe. */
export const PublicRoute = () => SetMetadata<string, Access>(ACCESS, { public: true });
