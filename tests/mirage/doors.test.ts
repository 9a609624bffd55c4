// The exported names are a promise to every cell and every embedder: changing one is a decision, and shows here.

import { describe, expect, it } from "vitest"
import * as check from "../../src/mirage/check.ts"
import * as config from "../../src/mirage/config.ts"
import * as host from "../../src/mirage/host.ts"
import * as mirage from "../../src/mirage/mirage.ts"

/** Names, those of modules with what is in them. */
function names(module: object): string[] {
  return Object.entries(module)
    .flatMap(([name, value]) =>
      typeof value === "object" && value !== null && Object.prototype.toString.call(value) === "[object Module]"
        ? `${name}: ${Object.keys(value).sort().join(" ")}`
        : name,
    )
    .sort()
}

describe("the doors", () => {
  it('"mirage"', () => {
    expect(names(mirage)).toMatchInlineSnapshot(`
      [
        "Arpv4: Make",
        "Console: Make",
        "Crunch: Make filesIn",
        "Cstruct: concat ofString toString",
        "Ethif: Make",
        "Http: Make",
        "HttpClient: Make",
        "Icmpv4: Make",
        "Ipaddr: any broadcast broadcastOf cidrOfString inNetwork isMulticast localhost make netmask ofInt32 ofString ofStringExn toString",
        "Ipv4: Make",
        "Lwt: Canceled ExceptionFilter Failure InvalidArgument NotFound abandonPaused abandonWakeups all apply async asyncExceptionHook awaitedPromises backtraceBind backtraceCatch backtraceFinalize backtraceTryBind bind both cancel catch choose debugStateIs defaultHook dontWait fail failInvalidArg failWith finalize get ignoreResult isSleeping join map nchoose nchooseSplit newKey noCancel npick ofPromise ofResult onAny onCancel onFailure onSuccess onTermination pause pausedCount pick poll protected registerArrivalNotifier registerPauseNotifier reraise return returnError returnFalse returnNil returnNone returnOk returnSome returnTrue returnUnit seedChoices state task toPromise tryBind wait waiterOfWakener wakeup wakeupExn wakeupLater wakeupLaterExn wakeupLaterResult wakeupPaused wakeupResult withTracingContext withValue wrap wrapInCancelable",
        "LwtCondition: broadcast broadcastExn create signal wait",
        "LwtDirect: await spawn yield",
        "LwtList: existsP existsS filterMapP filterMapS filterP filterS findS foldLeftS foldRightS forAllP forAllS iterP iterS iteriP iteriS mapP mapS mapiP mapiS partitionP partitionS revMapP revMapS",
        "LwtMain: EnterIterHooks ExitHooks LeaveIterHooks atExit run yield",
        "LwtMutex: create isEmpty isLocked lock unlock withLock",
        "LwtMvar: create createEmpty isEmpty put take takeAvailable",
        "LwtPool: clear create use waitQueueLength",
        "LwtPqueue: Make",
        "LwtResult: bind bindError bindLwt bindLwtError bindResult both catch error fail getExn iter iterError lift map mapError ok return",
        "LwtSeq: append cons consLwt empty filter filterMap filterMapS filterS flatMap foldLeft foldLeftS iter iterN iterP iterS map mapS ofList ofSeq ofSeqLwt return returnLwt toList unfold unfoldLwt",
        "LwtSequence: Empty addL addR addTaskL addTaskR clear create findNodeL findNodeOptL findNodeOptR findNodeR foldL foldR get isEmpty iterL iterNodeL iterNodeR iterR length remove set takeL takeOptL takeOptR takeR transferL transferR",
        "LwtStream: Closed Empty Full append choose clone closed combine concat create createBounded createWithReference filter filterMap filterMapS filterS find findMap findMapS findS flatten fold foldS from fromDirect get getAvailable getAvailableUpTo getWhile getWhileS hexdump isClosed isEmpty iter iterN iterP iterS junk junkAvailable junkWhile junkWhileS lastNew map mapList mapListS mapS next nget njunk npeek ofArray ofList ofLwtSeq ofSeq ofString onTermination parse peek return returnLwt toList toString wrapExn",
        "LwtSwitch: Off addHook addHookOrExec check create isOn turnOff withSwitch",
        "Macaddr: blit broadcast isMulticast ofOctets ofString ofStringExn toString",
        "OS: Clock Deadlock Random Time Timeout engine install run",
        "Stackv4: Make ipv4Config",
        "Tcpv4: Flow Make",
        "Udpv4: Make",
        "error",
        "ok",
      ]
    `)
  })
  it('"mirage/config"', () => {
    expect(names(config)).toMatchInlineSnapshot(`
      [
        "addToPackages",
        "applications",
        "block",
        "blockOfFile",
        "console",
        "crunch",
        "customConsole",
        "defaultConsole",
        "defaultRandom",
        "defaultTime",
        "describe",
        "directKvRo",
        "directStackv4WithDefaultIpv4",
        "directStackv4WithDhcp",
        "directStackv4WithStaticIpv4",
        "fat",
        "fatOfFiles",
        "fn",
        "foreign",
        "fs",
        "http",
        "httpServer",
        "ifImpl",
        "job",
        "key",
        "kvRo",
        "kvRoOfFs",
        "main",
        "matchImpl",
        "netif",
        "network",
        "random",
        "register",
        "socketStackv4",
        "stackv4",
        "tap0",
        "time",
        "typ",
      ]
    `)
  })
  it('"mirage/check"', () => {
    expect(names(check)).toEqual(["check", "elapsed", "equal", "holds", "printed"])
  })
  it('"mirage/host"', () => {
    expect(names(host)).toMatchInlineSnapshot(`
      [
        "Checks: CheckFailed count elapsed forget heard printed register run",
        "ConfigError",
        "awaitable",
        "fileOf",
        "graphOf",
        "labelOf",
        "link",
        "machine",
        "registration",
        "run",
        "show",
        "start",
      ]
    `)
  })
})
