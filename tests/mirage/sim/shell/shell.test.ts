// What commands print on 10.0.0.1, to the letter, with the static website at 10.0.0.2.

import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Booted, bootSample, newWorld } from "../../../unikernels/boot.ts"

let www: Booted
beforeAll(async () => {
  www = await bootSample("static-website")
  await www.serving
})
afterAll(() => {
  expect(www.exceptions).toEqual([])
})

const sh = (line: string) => www.sh(line)

/** Run `line` and press Ctrl+C after so many simulated seconds. */
const interrupted = async (line: string, seconds: number, booted = www): Promise<string> => {
  let text = ""
  const { engine } = booted.world
  const key = new Promise<void>((press) => engine.at(engine.now() + seconds * 1000, press))
  await booted.world.shell(line, (t) => void (text += t), key)
  return text
}

describe("ping", () => {
  it("prints replies and statistics, its times being simulated", async () => {
    await sh("ping -c 1 10.0.0.2")
    expect(await sh("ping -c 3 -i 0.2 unikernel")).toBe(`PING unikernel (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=38 time=0.500 ms
64 bytes from 10.0.0.2: icmp_seq=2 ttl=38 time=0.500 ms
64 bytes from 10.0.0.2: icmp_seq=3 ttl=38 time=0.500 ms

--- unikernel ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 401ms
rtt min/avg/max/mdev = 0.500/0.500/0.500/0.000 ms
`)
  })

  it("stops after four", async () => {
    expect(await sh("ping 10.0.0.2")).toContain("4 packets transmitted, 4 received, 0% packet loss, time 3001ms")
  })

  it("takes sizes, and -q", async () => {
    expect(await sh("ping -qc1 -s 1000 10.0.0.2")).toMatch(
      /^PING 10\.0\.0\.2 \(10\.0\.0\.2\) 1000\(1028\) bytes of data\.\n\n--- 10\.0\.0\.2 ping statistics ---\n1 packets/,
    )
    expect(await sh("ping -c1 -s 1473 10.0.0.2")).toContain("ping: local error: message too long, mtu: 1500\n")
    expect(await sh("ping -c1 -s 0 10.0.0.2")).toContain("8 bytes from 10.0.0.2: icmp_seq=1")
  })

  it("says when nobody is there, in order", async () => {
    expect(await sh("ping -c 2 10.0.0.9")).toBe(`PING 10.0.0.9 (10.0.0.9) 56(84) bytes of data.
From 10.0.0.1 icmp_seq=1 Destination Host Unreachable
From 10.0.0.1 icmp_seq=2 Destination Host Unreachable

--- 10.0.0.9 ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 9000ms

`)
  })

  it("reaches its own machine without the wire, and nothing beyond its network", async () => {
    expect(await sh("ping -c1 localhost")).toContain("64 bytes from 127.0.0.1: icmp_seq=1 ttl=38 time=0.000 ms")
    expect(await sh("ping -c1 10.0.0.1")).toContain("1 received")
    expect(await sh("ping 8.8.8.8")).toBe("ping: connect: Network is unreachable\n")
  })

  it("ends with its statistics at Ctrl+C", async () => {
    expect(await interrupted("ping -c 100 10.0.0.2", 1.5)).toMatch(
      /icmp_seq=2 .*\n\^C\n\n--- 10\.0\.0\.2 ping statistics ---\n2 packets transmitted, 2 received, 0% packet loss, time 1001ms\n/,
    )
    expect(await interrupted("ping 10.0.0.9", 0.5)).toMatch(
      /\^C\n\n--- .*\n1 packets transmitted, 0 received, 100% packet/,
    )
  })

  it("complains as ping does", async () => {
    expect(await sh("ping")).toBe("ping: usage error: Destination address required\n")
    expect(await sh("ping nohost")).toBe("ping: nohost: Name or service not known\n")
    expect(await sh("ping -z 10.0.0.2")).toMatch(
      /^ping: invalid option -- 'z'\n\nUsage\n {2}ping \[options\] <destination>\n/,
    )
    expect(await sh("ping -c")).toMatch(/^ping: option requires an argument -- 'c'\n/)
    expect(await sh("ping -c x 10.0.0.2")).toBe("ping: invalid argument: 'x'\n")
    expect(await sh("ping -c 0 10.0.0.2")).toBe("ping: invalid argument: '0': out of range: 1 <= value <= 1000000000\n")
    expect(await sh("ping -i 0 10.0.0.2")).toContain("out of range: 0.002 <= value")
  })
})

describe("curl", () => {
  it("shows the conversation with -v", async () => {
    expect(await sh("curl -v -o /dev/null -d a=1 -d b=2 http://10.0.0.2/nope")).toBe(`*   Trying 10.0.0.2:80...
* Connected to 10.0.0.2 (10.0.0.2) port 80 (#0)
> POST /nope HTTP/1.1
> Host: 10.0.0.2
> User-Agent: curl/7.88.1
> Accept: */*
> Content-Length: 7
> Content-Type: application/x-www-form-urlencoded
> 
< HTTP/1.1 404 Not Found
< content-type: text/plain; charset=utf-8
< content-length: 21
< 
21 bytes saved to /dev/null
* Connection #0 to host 10.0.0.2 left intact
`)
  })

  it("sends the reader's headers instead of its own", async () => {
    const said = await sh(
      "curl -sv -H 'Accept:' -H 'host: example' -H 'X-Two: 2' -A me -X PUT http://10.0.0.2:80/a%20b",
    )
    expect(said).toContain("> PUT /a%20b HTTP/1.1\n> host: example\n> User-Agent: me\n> X-Two: 2\n> \n")
  })

  it("closes what the server closes", async () => {
    expect(await sh("curl -sv -H 'Connection: close' 10.0.0.2/nope")).toContain(
      "< connection: close\n< \n404 Not Found: /nope\n* Closing connection 0\n",
    )
  })

  it("saves what it gets, for cat and ls", async () => {
    expect(await sh("curl -s -o page.html http://10.0.0.2/nope")).toBe("")
    expect(await sh("curl -i --output head.txt http://10.0.0.2/nope")).toBe("108 bytes saved to head.txt\n")
    expect(await sh("ls")).toBe("head.txt\npage.html\n")
    expect(await sh("ls -l")).toBe("     108 head.txt\n      21 page.html\n")
    expect(await sh("cat page.html none")).toBe("404 Not Found: /nope\ncat: none: No such file or directory\n")
    expect(await sh("cat page.html | cat")).toBe("404 Not Found: /nope\n")
  })

  it("fails with curl's numbers and words", async () => {
    expect(await sh("curl")).toBe(
      "curl: no URL specified!\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
    )
    const failures: Record<string, string> = {
      "curl https://10.0.0.2/": '(1) Protocol "https" not supported or disabled in libcurl',
      "curl http://": "(3) URL using bad/illegal format or missing URL",
      "curl http://10.0.0.2:99999/": "(3) URL using bad/illegal format or missing URL",
      "curl nohost": "(6) Could not resolve host: nohost",
      "curl 10.0.0.2:81": "(7) Failed to connect to 10.0.0.2 port 81 after 1 ms: Couldn't connect to server",
      "curl 8.8.8.8": "(7) Failed to connect to 8.8.8.8 port 80 after 0 ms: Couldn't connect to server",
      "curl 10.0.0.8": "(7) Failed to connect to 10.0.0.8 port 80 after 9000 ms: Couldn't connect to server",
      "curl -m 2 10.0.0.7": "(28) Connection timed out after 2000 milliseconds",
      "curl -sS -f 10.0.0.2/x": "(22) The requested URL returned error: 404",
    }
    for (const [line, message] of Object.entries(failures)) expect(await sh(line), line).toBe(`curl: ${message}\n`)
    expect(await sh("curl -s nohost")).toBe("")
    expect(await sh("curl -Q 10.0.0.2")).toMatch(/^curl: option -Q: is unknown\ncurl: try/)
    expect(await sh("curl --foo 10.0.0.2")).toMatch(/^curl: option --foo: is unknown\n/)
    expect(await sh("curl 10.0.0.2 -o")).toMatch(/^curl: option -o: requires parameter\n/)
    expect(await sh("curl -m soon 10.0.0.2")).toMatch(/^curl: option -m: expected a proper numerical parameter\n/)
  })

  it("is interrupted while it waits", async () => {
    expect(await interrupted("curl 10.0.0.6", 0.1)).toBe("^C\n")
  })
})

describe("nc", () => {
  it("sends what comes through the pipe, with its line ends", async () => {
    expect(await sh("printf 'GET /nope HTTP/1.0\\r\\n\\r\\n' | nc 10.0.0.2 80")).toBe(
      "HTTP/1.1 404 Not Found\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 21\r\nconnection: close\r\n\r\n404 Not Found: /nope\n",
    )
    expect(await sh("echo -ne 'GET /x HTTP/1.0\\r\\n\\r\\n' | nc unikernel 80")).toContain("404 Not Found: /x\n")
  })

  it("tells whether a port is open, and complains as nc does", async () => {
    expect(await sh("nc -z 10.0.0.2 80")).toBe("Connection to 10.0.0.2 80 port [tcp/*] succeeded!\n")
    expect(await sh("nc -z 10.0.0.2 81")).toBe("nc: connect to 10.0.0.2 port 81 (tcp) failed: Connection refused\n")
    expect(await sh("nc 10.0.0.2 81")).toBe("")
    expect(await sh("nc -w 1 10.0.0.5 80")).toBe("nc: connect to 10.0.0.5 port 80 (tcp) failed: timed out\n")
    expect(await sh("nc 10.0.0.2")).toBe("usage: nc [-Nuvz] [-w timeout] destination port [text ...]\n")
    expect(await sh("nc 10.0.0.2 http")).toBe("nc: port number invalid: http\n")
    expect(await sh("nc nohost 80")).toBe('nc: getaddrinfo for host "nohost" port 80: Name or service not known\n')
    expect(await sh("nc -x")).toMatch(/^nc: invalid option -- 'x'\nusage: nc/)
  })

  it("waits for the other end until Ctrl+C, or until -w seconds without a word", async () => {
    expect(await interrupted("nc 10.0.0.2 80", 5)).toBe("^C\n")
    expect(await sh("nc -w 2 10.0.0.2 80")).toBe("")
  })
})

describe("arp and ip", () => {
  it("show what the stack knows", async () => {
    await sh("ping -c1 10.0.0.2")
    expect(await sh("arp -n")).toBe(
      "Address                  HWtype  HWaddress           Flags Mask            Iface\n" +
        "10.0.0.2                 ether   02:00:00:00:00:02   C                     eth0\n",
    )
    expect(await sh("arp")).toContain("\nunikernel                ether ")
    expect(await sh("ip neigh")).toBe("10.0.0.2 dev eth0 lladdr 02:00:00:00:00:02 REACHABLE\n")
    expect(await sh("ip route show")).toBe("10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1\n")
    expect(await sh("ip a")).toBe(await sh("ip"))
    expect(await sh("ip addr")).toContain("inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0\n")
    expect(await sh("ip link")).toBe('Object "link" is unknown, try "ip help".\n')
    expect(await sh("ip addr flush")).toBe('Command "flush" is unknown, try "ip address help".\n')
    expect(await sh("arp -x")).toMatch(/^arp: invalid option -- 'x'\n/)
  })

  it("show a question that is still open", async () => {
    const pinging = sh("ping -c1 -W 1 10.0.0.4")
    await new Promise<void>((ok) => www.world.engine.at(www.world.engine.now() + 100, ok))
    expect(await sh("ip n")).toContain("10.0.0.4 dev eth0 INCOMPLETE\n")
    expect(await sh("arp -n")).toMatch(/^10\.0\.0\.4 +\(incomplete\) +eth0$/m)
    await pinging
  })
})

describe("tcpdump", () => {
  it("prints the frames of others' commands", async () => {
    const { serving, sh } = await bootSample("static-website")
    await serving
    await sh("ping -c1 10.0.0.2")
    const dump = sh("tcpdump -nc 2")
    await sh("ping -c1 10.0.0.2")
    expect((await dump).replaceAll(/\d\d:\d\d:\d\d\.\d{6}/g, "TIME").replaceAll(/id=\d+/g, "id=N")).toBe(
      "listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n" +
        "TIME ICMP 10.0.0.1 > 10.0.0.2: echo request id=N seq=1 ttl=38 Len=64\n" +
        "TIME ICMP 10.0.0.2 > 10.0.0.1: echo reply id=N seq=1 ttl=38 Len=64\n" +
        "2 packets captured\n",
    )
  })

  it("prints bytes with -X, and ends at Ctrl+C", async () => {
    const dump = interrupted("tcpdump -X", 3)
    await sh("ping -c1 -s 4 10.0.0.2")
    const text = await dump
    expect(text).toMatch(/\t0x0000: {2}0200 0000 0002 0200 0000 0001 0800 4500 {2}\.{14}E\.\n\t0x0010: {2}0020 /)
    expect(text).toMatch(/\^C\n\d packets captured\n$/)
    expect(await sh("tcpdump -c 0")).toBe("tcpdump: invalid packet count 0\n")
  })
})

describe("the shell", () => {
  it("knows its commands, and says so", async () => {
    const help = await sh("help")
    for (const name of ["ping", "curl", "nc", "arp", "ip", "tcpdump", "echo", "clear"]) {
      expect(help).toMatch(new RegExp(`^  ${name} +\\w`, "m"))
      expect(await sh(`help ${name}`)).toMatch(new RegExp(`^usage: ${name}`))
    }
    expect(await sh("help me")).toBe("help: there is no command me\n")
    expect(await sh("gcc")).toBe("sh: gcc: command not found. Type help for those there are\n")
    expect(await sh("echo 'x")).toBe("sh: syntax error: no closing '\n")
    expect(await sh("   ")).toBe("")
  })

  it("echoes, with -e and -n", async () => {
    expect(await sh("echo  a   'b  c' -x")).toBe("a b  c -x\n")
    expect(await sh("echo -n a")).toBe("a")
    expect(await sh("echo -e 'a\\tb\\x21\\q'")).toBe("a\tb!\\q\n")
    expect(await sh("echo -- -n")).toBe("-- -n\n")
    expect(await sh("printf '%s=%d %%\\n' a 1")).toBe("a=1 %\n")
    expect(await sh("clear")).toBe("\x1b[H\x1b[2J\x1b[3J")
  })

  it("ends a pipe at Ctrl+C", async () => {
    expect(await interrupted("ping 10.0.0.9 | cat", 1)).toBe("^C\n")
  })

  it("is there without a unikernel, and nothing is on the network before it is asked", async () => {
    const { world } = newWorld()
    const frames: unknown[] = []
    world.onFrames((rows) => void frames.push(...rows))
    await world.engine.run(world.engine.sleep(10))
    expect(frames).toEqual([])
    let text = ""
    await world.shell("ping -c1 10.0.0.2", (t) => void (text += t), new Promise(() => {}))
    expect(text).toContain("Destination Host Unreachable")
    expect(frames.length).toBeGreaterThan(0)
    expect(await world.fetch("http://10.0.0.2/")).toMatchObject({ ok: false })
  })
})
