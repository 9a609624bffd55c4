// Everything that a page has of a container but its panel, fetched when one is first booted.

import { PAGE_TIME, pageContainerHost } from "../../sandbox/webcontainer/page-host.ts"
import type { ContainerHost } from "../../sandbox/webcontainer/container.ts"
import { shellEnvironments } from "../../sandbox/webcontainer/node-options.ts"
import { webContainerSandbox } from "../../sandbox/webcontainer/webcontainer.ts"
import type { Sandbox } from "../../sandbox/sandbox.ts"
import type { WebContainerSettings } from "../../site/settings.ts"
import type { ShellPlace } from "../dock/shell-session.ts"
import { MountedProjects, type MountedProjectsParts } from "./mounted-projects.ts"

/** What it is made of. */
export interface InContainerParts extends Omit<MountedProjectsParts, "host"> {
  readonly settings: WebContainerSettings
  /** Where webcontainer.html is, absolute. */
  readonly address: string
  /** Whether this page is to have a container. */
  wanted(): boolean
}

/** The container of a page, and what is in it. */
export interface InContainer {
  readonly host: ContainerHost
  /** Put a project into the container as it is now. Resolves with how to start a shell in it. */
  mount(project: string): Promise<ShellPlace>
  /** A sandbox in a project's folder. */
  sandbox(project: string): Sandbox
}

/** A container that has not been booted yet. */
export function inContainer({ settings, address, wanted, ...parts }: InContainerParts): InContainer {
  const host = pageContainerHost({ settings, address, chosen: wanted })
  const mounted = new MountedProjects({ ...parts, host })
  const shellEnvironment = shellEnvironments(PAGE_TIME)
  return {
    host,
    async mount(project) {
      const { container, folder } = await mounted.mount(project)
      return { cwd: folder, env: await shellEnvironment(container) }
    },
    sandbox: (project) => webContainerSandbox({ files: mounted.files(project), time: PAGE_TIME }),
  }
}
