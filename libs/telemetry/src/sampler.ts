import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace';

/** OTEL_TRACES_SAMPLER, which sdk-node reads for others. Unknown: the default, which records what nobody has declined. */
export function samplerOf(env: Readonly<Record<string, string | undefined>>): Sampler {
  const ratio = (): Sampler => new TraceIdRatioBasedSampler(Number(env['OTEL_TRACES_SAMPLER_ARG'] ?? 1));
  const below = (root: Sampler): Sampler => new ParentBasedSampler({ root });
  switch (env['OTEL_TRACES_SAMPLER']) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return ratio();
    case 'parentbased_always_off':
      return below(new AlwaysOffSampler());
    case 'parentbased_traceidratio':
      return below(ratio());
    default:
      return below(new AlwaysOnSampler());
  }
}
