import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { output } from '../processes/processes.js';
import { cacheFolder } from './cache.js';
import { type Say } from './part.js';

export const kafkaVersion = '4.4.0';
const pom = fileURLToPath(new URL('../../kafka/pom.xml', import.meta.url));

export interface Jars {
  java: string;
  javaVersion: string;
  classpath: string;
  /** Class data archive for this Java and these jars; may not exist yet. */
  archive: string;
}

/** Java 17 and the broker's jars by Maven, or an error that says which of them is missing. */
export async function kafkaJars(say: Say, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Jars> {
  const java = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : 'java';
  const javaVersion = await versionOfJava(java, env);
  const stamp = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const folder = cacheFolder(`kafka-${kafkaVersion}-${stamp}`, env);
  const libs = join(folder, 'libs');
  if (!existsSync(libs)) await fetchJars(folder, libs, say, env, signal);
  // Sorted: another order of the classpath voids the archive.
  const jars = readdirSync(libs)
    .filter((name) => name.endsWith('.jar'))
    .sort();
  return {
    java,
    javaVersion,
    classpath: jars.map((name) => join(libs, name)).join(':'),
    archive: join(folder, `kafka-java-${javaVersion}.jsa`),
  };
}

async function versionOfJava(java: string, env: NodeJS.ProcessEnv): Promise<string> {
  const told = await output(java, ['-XshowSettings:properties', '-version'], { env, both: true }).catch(
    () => '',
  );
  const version = /java\.version = (\S+)/.exec(told)?.[1];
  if (!version) throw new Error('no Java found (JAVA_HOME, PATH)');
  if (Number.parseInt(version) < 17) throw new Error(`Java 17 is needed, this is ${version}`);
  return version;
}

async function fetchJars(
  folder: string,
  libs: string,
  say: Say,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  say(`fetching Apache Kafka ${kafkaVersion} by Maven, once per user (31 MB)`);
  // Beside its place first: an interrupted download must not pass for a whole one.
  const half = join(folder, `half-${process.pid}`);
  const goal = 'dependency:copy-dependencies';
  try {
    await output(
      'mvn',
      ['-B', '-ntp', '-q', '-f', pom, goal, '-DincludeScope=runtime', `-DoutputDirectory=${half}`],
      { env, timeoutMs: 300_000, signal },
    );
    if (!existsSync(libs)) renameSync(half, libs);
  } catch (cause) {
    const missing = (cause as { cause?: NodeJS.ErrnoException }).cause?.code === 'ENOENT';
    throw new Error(missing ? 'Maven (mvn) is not on the PATH' : (cause as Error).message, { cause });
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}
