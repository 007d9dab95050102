import { endpointsOf, type PlayStory } from '@heed/launcher';
import { Databases } from './databases.js';
import { Expectations } from './expectations.js';
import { resumed, rememberPlayed } from './played.js';
import { type Report } from './report.js';
import { storyFolder, type Cast, type Stage } from './stage.js';
import { tellSummary } from './summary.js';
import { tell } from './tell.js';
import { foundTenant } from './steps/people.js';

/** Plays the story on a running cluster and counts what happened. `ok` only if every expectation held. */
export const playStory: PlayStory = async ({ cluster, options, steps }) => {
  const before = options.once ? undefined : resumed(cluster.dataDir);
  if (before) {
    steps.heading(
      `The story was played on this data before (${before.at}); its people and files are still here.`,
    );
    await tellSummary({ cluster, steps, report: before.report, slug: before.slug });
    return { ...before.report };
  }
  const begun = performance.now();
  const slug = `acme-${begunAt()}`;
  const stage: Stage = {
    cluster,
    options,
    steps,
    expect: new Expectations(),
    endpoints: endpointsOf(cluster.run),
    databases: new Databases(cluster.run.postgres),
    folder: storyFolder(cluster.dataDir, slug),
  };
  steps.heading('The story');
  let cast: Cast | undefined;
  try {
    cast = await steps.run(
      'people',
      () => foundTenant(stage, slug),
      () => `an operator founded ${slug}; its owner invited a manager, an officer and an agent`,
    );
    const figures = await tell(stage, cast);
    const { failures } = stage.expect;
    const report: Report = {
      ok: failures.length === 0,
      failures,
      startedInMs: cluster.startedInMs,
      storyMs: Math.round(performance.now() - begun),
      ...figures,
    };
    await tellSummary({ cluster, steps, report, slug });
    rememberPlayed(cluster.dataDir, { slug, report });
    return { ...report };
  } finally {
    for (const member of cast ? [cast.owner, cast.manager, cast.officer, cast.agent] : []) member.close();
    await stage.databases.close();
  }
};

/** Names the run's tenant: runs on one data folder do not meet. */
function begunAt(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
}
