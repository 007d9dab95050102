import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { type Endpoints, type HeedClient } from '@heed/client';
import { type Cluster, type StoryOptions, type Steps } from '@heed/launcher';
import { type ExampleFile } from './example/example-contacts.js';
import { type Expectations } from './expectations.js';
import { type Databases } from './databases.js';

/** The members who play; each step is done by one who may do it, with their own token. */
export interface Cast {
  tenantId: string;
  slug: string;
  owner: HeedClient;
  manager: HeedClient;
  officer: HeedClient;
  agent: HeedClient;
}

/** What the steps of the story share. */
export interface Stage {
  cluster: Cluster;
  options: StoryOptions;
  steps: Steps;
  expect: Expectations;
  endpoints: Endpoints;
  databases: Databases;
  /** Folder of this run's files: the example, rejects, certificates, the access package. */
  folder: string;
}

/** The list that was imported, and from what. */
export interface Audience {
  listId: string;
  example: ExampleFile | undefined;
}

export function storyFolder(dataDir: string, slug: string): string {
  const folder = join(dataDir, 'story', slug);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
