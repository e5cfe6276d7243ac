import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../contract/errors.ts';
import type { Profile } from '../../contract/result.ts';
import type { StyledRun } from '../charts/chart.ts';
import { type FoldedProfile, foldProfile } from './foldProfile.ts';
import { isLocalPath } from './isLocalPath.ts';

/** A profile of a run, folded where it is one of V8's. */
export interface LoadedProfile {
  readonly run: StyledRun;
  readonly profile: Profile;
  readonly folded: FoldedProfile | null;
  /** Why there is no flame graph of it; null where there is one, or where it is a page of its own. */
  readonly problem: string | null;
}

/** Fewer samples on work than this say too little. */
export const FEWEST_SAMPLES = 500;

/** Reads the profiles of all runs from the result folder; one that is missing or damaged is reported in its place. */
export async function loadProfiles(runs: readonly StyledRun[], directory: string): Promise<LoadedProfile[]> {
  const loads = runs.flatMap((run) =>
    run.run.profiles.map((profile) => loadProfile(run, profile, directory)),
  );
  return Promise.all(loads);
}

async function loadProfile(run: StyledRun, profile: Profile, directory: string): Promise<LoadedProfile> {
  if (profile.unit === 'none') return { run, profile, folded: null, problem: null };
  if (!isLocalPath(profile.path)) {
    return { run, profile, folded: null, problem: `${profile.path} lies outside the result folder` };
  }
  try {
    const folded = foldProfile(JSON.parse(await readFile(join(directory, profile.path), 'utf8')));
    const problem = folded ? null : `${profile.path} is not a profile that V8 writes`;
    return { run, profile, folded, problem };
  } catch (error) {
    return { run, profile, folded: null, problem: `${profile.path} cannot be read: ${messageOf(error)}` };
  }
}
