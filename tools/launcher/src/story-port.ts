import { type Cluster } from './cluster/cluster.js';
import { type Steps } from './steps.js';

/** What the command line asks of the story. */
export interface StoryOptions {
  /** A CSV of contacts in place of the generated example. */
  contacts?: string;
  /** How many contacts the generated example has. */
  size: number;
  /** Play and stop: nobody stays to look around. */
  once: boolean;
}

/** What the story found out; `ok` only if every expectation held. Further fields are the story's own. */
export interface StoryReport {
  ok: boolean;
  failures: string[];
  [figure: string]: unknown;
}

/** Exported by tools/story. The launcher loads it by name: the story knows the launcher, not the other way round. */
export type PlayStory = (input: {
  cluster: Cluster;
  options: StoryOptions;
  steps: Steps;
}) => Promise<StoryReport>;
