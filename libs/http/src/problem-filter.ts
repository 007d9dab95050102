import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { currentTraceparent, type Logger } from '@heed/telemetry';
import { type Request, type Response } from 'express';
import { PAGE_POLICY, problemPage } from './page.js';
import { problemOf } from './problem.js';

/** Answers errors as problem+json, and as a page where a browser asks for one. What is a fault of ours is logged, reduced, and answered without a word about it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<Request>(), http.getResponse<Response>());
  }

  answer(error: unknown, request: Request, response: Response): void {
    const problem = problemOf(error, currentTraceparent()?.split('-')[1]);
    if (problem.status === 500) this.log.error('request failed', { error });
    if (response.headersSent) {
      // Half of an answer is out: breaking off is the only way left to say that it is not whole.
      response.destroy();
      return;
    }
    if (problem.status === 401) response.setHeader('www-authenticate', 'Bearer');
    if (problem.status === 429 || problem.status === 503) response.setHeader('retry-after', '1');
    // What was not read of a refused upload is not waited for.
    if (hasBody(request) && !request.complete) response.setHeader('connection', 'close');
    response.status(problem.status);
    if (request.accepts('json', 'html') === 'html') {
      response.setHeader('content-security-policy', PAGE_POLICY).type('html').send(problemPage(problem));
    } else response.type('application/problem+json').send(JSON.stringify(problem));
  }
}

function hasBody({ headers }: Request): boolean {
  return 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 0;
}
