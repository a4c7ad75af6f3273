import type { JsonObject } from '@colloquy/core';

export const root: string;
export interface WorkspacePackage {
  readonly name: string;
  readonly dir: string;
  readonly manifest: JsonObject;
  readonly entries: readonly { readonly subpath: string; readonly source: string; readonly dist: string }[];
}
export function workspacePackages(): WorkspacePackage[];
export function sourceAliases(): [string, string][];
export function sourcePaths(): Record<string, string[]>;
