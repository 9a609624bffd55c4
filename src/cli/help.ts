// What `mirage --help` prints.

/** The text of a topic. */
export const HELP = {
  mirage: `mirage runs a MirageOS unikernel written in TypeScript.

  mirage run [-f config.ts] --net socket [--port 8080]   run it as a process of this host
  mirage help run                                        its options
  mirage --version

A unikernel is a folder with a config.ts, which names its devices, and a unikernel.ts, which is given them. It is compiled
and linked with the library OS each time that it is run. configure, describe, build and clean are not in this version.
`,
  run: `mirage run [-f config.ts] --net socket [--port 8080] [-l info] [-- boot arguments]

Compile, configure, link and boot the unikernel that config.ts registers. It serves until Ctrl+C.

  -f, --file config.ts   the configuration, or its folder; ./config.ts if not given
      --net socket       TCP and UDP are the host's own. A stack of config.ts that wants a network card, as
                         directStackv4WithDefaultIpv4(defaultConsole, tap0), gives way to the host's at 127.0.0.1
      --port N           the key of config.ts that PORT sets, if there is one; otherwise the host's port for the first
                         that the unikernel opens. 0 takes any that is free
  -t, --target unix      a process of this host: the only target of this version
  -l, --logs LEVEL       quiet, error, warning, info (if not given) or debug; *:debug as in MirageOS
  -h, --help

After --, for the unikernel as it boots:
      --ipv4 0.0.0.0     listen at this address of the host's instead; 0.0.0.0 is all of them

NET=socket PORT=8080 mirage run says the same. Every other key of config.ts is an environment variable, too.
Edits count from the next start: stop with Ctrl+C and run again. Ctrl+C twice does not wait for connections to end.

The exit status is 0 when the unikernel has ended or was stopped while serving, 1 when it failed, 2 when the command line
is wrong, and 130 when it was stopped before it had ended.
`,
} as const
