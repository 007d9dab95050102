import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applyTopics } from '@heed/events';
import { Cluster, endpointsOf, Steps } from '@heed/launcher';
import { startTestParts, type StartedTestParts } from '@heed/launcher/test-parts';
import { DnsPeer } from '../services/messaging/test/dns-peer.js';
import { Databases } from '../tools/story/src/databases.js';
import { Expectations } from '../tools/story/src/expectations.js';
import { storyFolder, type Cast, type Stage } from '../tools/story/src/stage.js';
import { foundTenant } from '../tools/story/src/steps/people.js';

export interface PlaceOptions {
  /** 1: the sizes that the aims are about. */
  scale: number;
  /** Where services write a CPU profile when they end. */
  profiles?: string;
  /** Takes what is worth knowing on the way. */
  say: (line: string) => void;
}

/** A tenant of a bench's own on the running cluster. */
export interface Town {
  stage: Stage;
  cast: Cast;
}

/**
 * What benches run on: PostgreSQL that syncs to disk, Kafka, NATS, and on them the six services as processes, each
 * started when the first bench asks for it, on a folder that is removed at the end.
 */
export class Place {
  private readonly folder = mkdtempSync(join(tmpdir(), 'heed-bench-'));
  private readonly steps: Steps;
  private starting: Promise<StartedTestParts> | undefined;
  private serving: Promise<Cluster> | undefined;
  private databases: Databases | undefined;
  /** What senders look their domains up in. */
  readonly dns = new DnsPeer();
  private readonly casts: Cast[] = [];
  private left = false;

  constructor(private readonly options: PlaceOptions) {
    this.steps = new Steps(options.say);
    // The database server runs as a user of its own where we are root.
    chmodSync(this.folder, 0o711);
  }

  readonly say = (line: string): void => this.options.say(`    ${line}`);

  /** So many of what the aim is about so many of, at the scale of this run. */
  scaled(whole: number, least = 1): number {
    return Math.max(least, Math.round(whole * this.options.scale));
  }

  /** A folder for the files of a bench. */
  get files(): string {
    return this.folder;
  }

  parts(): Promise<StartedTestParts> {
    return (this.starting ??= startTestParts({
      folder: join(this.folder, 'parts'),
      want: ['postgres', 'kafka', 'nats'],
      durable: true,
      say: this.say,
    }).then((started) => {
      // libs/testing makes its databases and topics on these.
      process.env.HEED_TEST_PARTS = JSON.stringify(started.parts);
      return started;
    }));
  }

  /** A superuser's URL of a database of the server. */
  async postgres(database = 'postgres'): Promise<string> {
    const { parts } = await this.parts();
    const url = new URL(parts.postgres!.url);
    url.pathname = `/${database}`;
    return url.href;
  }

  /** The six services as processes, over Kafka, with signals. */
  cluster(): Promise<Cluster> {
    return (this.serving ??= this.serve());
  }

  async town(slug: string): Promise<Town> {
    const cluster = await this.cluster();
    const stage: Stage = {
      cluster,
      options: { once: true, size: this.scaled(10_000, 100) },
      steps: this.steps,
      expect: new Expectations(),
      endpoints: endpointsOf(cluster.run),
      databases: (this.databases ??= new Databases(cluster.run.postgres)),
      folder: storyFolder(cluster.dataDir, slug),
    };
    const cast = await foundTenant(stage, slug);
    this.casts.push(cast);
    return { stage, cast };
  }

  async leave(): Promise<void> {
    if (this.left) return;
    this.left = true;
    for (const { owner, manager, officer, agent } of this.casts)
      for (const member of [owner, manager, officer, agent]) member.close();
    await this.databases?.close();
    // What failed to start has stopped itself, and has said why to whoever waited for it.
    await (await this.serving?.catch(() => undefined))?.stop();
    if (this.serving) await this.dns.stop();
    const parts = await this.starting?.catch(() => undefined);
    await parts?.stop();
    // Where its user cannot reach our folder, the databases lie elsewhere.
    const databases = parts?.started.postgres?.dataDir;
    if (databases) rmSync(dirname(databases), { recursive: true, force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async serve(): Promise<Cluster> {
    const { parts } = await this.parts();
    await this.dns.start();
    const cluster = new Cluster({
      dataDir: join(this.folder, 'cluster'),
      steps: this.steps,
      env: {
        ...process.env,
        HEED_POSTGRES_URL: parts.postgres!.url,
        HEED_DNS_SERVERS: this.dns.address,
        ...(parts.kafka && { KAFKA_BROKERS: parts.kafka.brokers.join(',') }),
        ...(parts.nats && { NATS_URL: parts.nats.url }),
      },
      ...(this.options.profiles && {
        // The profile is written at the end.
        measured: {
          nodeFlags: ['--cpu-prof', `--cpu-prof-dir=${this.options.profiles}`],
          drainMs: 60_000,
        },
      }),
      applyTopics: ({ connection }) => applyTopics(connection),
    });
    try {
      await cluster.start();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }
}
