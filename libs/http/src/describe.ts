import { SetMetadata } from '@nestjs/common';
import { type z } from 'zod';

/** What a route takes and gives, in the words of its OpenAPI document. The schema is the one that checks the body. */
export interface RouteDescription {
  summary: string;
  /** Of the path's parts. */
  parts?: Record<string, string>;
  /** The schema of a JSON body, or the media type of one that is taken as it is. */
  body?: z.ZodType | string;
  /** By status. Refusals are problems (RFC 9457) on every route and are not repeated. */
  answers: Record<number, AnswerDescription>;
}

export interface AnswerDescription {
  says: string;
  /** The schema of a JSON answer, or the media type of another; nothing where it is empty. */
  body?: z.ZodType | string;
}

export const DESCRIPTION = 'heed.description';

/** Puts the route into `/openapi.json`. */
export const Describe = (description: RouteDescription) =>
  SetMetadata<string, RouteDescription>(DESCRIPTION, description);
