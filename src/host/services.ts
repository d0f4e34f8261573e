// What commands and the sidebar work with; built in extension.ts.
import type * as vscode from 'vscode';
import type { Comparison, ComparedText } from './comparison.ts';
import type { Configuration } from './configuration.ts';
import type { CursorTarget } from './cursorTarget.ts';
import type { DocumentPaths } from './documentPaths.ts';
import type { EngineProcess } from './engineProcess.ts';
import type { JobFollowing } from './followedJobs.ts';
import type { IndexController } from './indexController.ts';
import type { MapPanel } from './mapPanel.ts';
import type { PlaceOpener } from './placeOpener.ts';
import type { LanguageModels } from './languageModels.ts';
import type { ReadyVectors } from './readyVectors.ts';
import type { RecentChanges } from './recentChanges.ts';
import type { Sending } from './remote/sending.ts';
import type { Spending } from './remote/spending.ts';
import type { SearchController } from './searchController.ts';
import type { WorkspaceSearchMode } from './searchMode.ts';
import type { ShownAnalysis } from './shownAnalysis.ts';
import type { SidebarProvider } from './sidebar/sidebarProvider.ts';
import type { SimilarFollower } from './similarFollower.ts';
import type { ViewModel } from './viewModel.ts';
import type { World } from './world.ts';

export interface Services {
  readonly log: vscode.LogOutputChannel;
  readonly engine: EngineProcess;
  readonly configuration: Configuration;
  readonly index: IndexController;
  readonly similar: SimilarFollower;
  readonly search: SearchController;
  readonly searchMode: WorkspaceSearchMode;
  readonly model: ViewModel;
  readonly cursor: CursorTarget;
  readonly opener: PlaceOpener;
  readonly comparison: Comparison;
  /** Whether texts may leave the machine. */
  readonly sending: Sending;
  readonly spending: Spending;
  readonly jobs: JobFollowing;
  readonly changes: RecentChanges;
  readonly languageModels: LanguageModels;
  readonly readyVectors: ReadyVectors;
  /** A function, because the sidebar's own handlers work with these services. */
  readonly sidebar: () => SidebarProvider;
  readonly mapPanel: MapPanel;
  readonly paths: () => DocumentPaths;
  readonly world: () => World;
  /** Whether F4 steps through our hits: from a search, a command or an opened hit until the view is hidden. */
  readonly stepping: (on: boolean) => void;
  readonly shownAnalysis: ShownAnalysis;
  /** The selection for Compare Selection With…. */
  readonly remembered: { text: ComparedText | undefined };
}
