// Batch jobs of files whose end is told to the user, remembered with the workspace: the next window tells it where this one is
// gone. No `vscode` here.
import type { ScopeStore } from './indexScope.ts';

export interface FollowedJobs {
  readonly ids: readonly string[];
  readonly rows: number;
  /** Absolute path of the file that the lines are of. */
  readonly file: string;
}

const KEY = 'vectorscope.jobs';

export class JobFollowing {
  constructor(private readonly store: ScopeStore) {}

  list(): readonly FollowedJobs[] {
    const value = this.store.get(KEY);
    return Array.isArray(value) ? value.filter(isFollowed) : [];
  }

  async add(jobs: FollowedJobs): Promise<void> {
    await this.store.update(KEY, [...this.others(jobs), jobs]);
  }

  /** Their end was told. */
  async remove(jobs: FollowedJobs): Promise<void> {
    await this.store.update(KEY, this.others(jobs));
  }

  private others({ ids }: FollowedJobs): FollowedJobs[] {
    return this.list().filter((each) => each.ids.join() !== ids.join());
  }
}

function isFollowed(value: unknown): value is FollowedJobs {
  if (typeof value !== 'object' || value === null) return false;
  const { ids, rows, file } = value as Record<string, unknown>;
  return Array.isArray(ids) && ids.every((id) => typeof id === 'string') && typeof rows === 'number' && typeof file === 'string'; // prettier-ignore
}
