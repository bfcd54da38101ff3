import type { Profile, Settings } from '../contracts/settings.ts';

/** The active profile; undefined without one. */
export function activeProfile({ activeProfile: name, profiles }: Settings): Profile | undefined {
  return name !== null && Object.hasOwn(profiles, name) ? profiles[name] : undefined;
}

/** What the active profile says about a reviewer; nothing when it is about another one. */
export function profileFor(settings: Settings, provider: string): Partial<Omit<Profile, 'provider'>> {
  const profile = activeProfile(settings);
  if (profile?.provider !== provider) return {};
  const { provider: _provider, ...said } = profile;
  return said;
}
