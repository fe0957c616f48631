import { CreateTables1763900000000 } from './1763900000000-CreateTables';
import { CreateBulkOperations1764000000000 } from './1764000000000-CreateBulkOperations';
import { KeepMatchesAbove1764100000000 } from './1764100000000-KeepMatchesAbove';
import { HideDeletedOperations1764200000000 } from './1764200000000-HideDeletedOperations';
import { CreateExtras1764300000000 } from './1764300000000-CreateExtras';
import { UniqueTaskKeysWithoutFlowRun1764400000000 } from './1764400000000-UniqueTaskKeysWithoutFlowRun';
import { RebuildLargeRowTables1764500000000 } from './1764500000000-RebuildLargeRowTables';
import { SearchFlowsAndMessages1764650000000 } from './1764650000000-SearchFlowsAndMessages';
import { IndexItemsByRun1764660000000 } from './1764660000000-IndexItemsByRun';
import { StoreAuthorsOfStates1764670000000 } from './1764670000000-StoreAuthorsOfStates';
import { CreateCommands1764680000000 } from './1764680000000-CreateCommands';
import { CreateMirror1764690000000 } from './1764690000000-CreateMirror';
import { CountUnreadableRuns1764700000000 } from './1764700000000-CountUnreadableRuns';
import { SelectRunsApart1764710000000 } from './1764710000000-SelectRunsApart';

/** Every migration, oldest first. Each can be run again after it was killed half-way. */
export const migrations = [
  CreateTables1763900000000,
  CreateBulkOperations1764000000000,
  KeepMatchesAbove1764100000000,
  HideDeletedOperations1764200000000,
  CreateExtras1764300000000,
  UniqueTaskKeysWithoutFlowRun1764400000000,
  RebuildLargeRowTables1764500000000,
  SearchFlowsAndMessages1764650000000,
  IndexItemsByRun1764660000000,
  StoreAuthorsOfStates1764670000000,
  CreateCommands1764680000000,
  CreateMirror1764690000000,
  CountUnreadableRuns1764700000000,
  SelectRunsApart1764710000000,
] as const;
