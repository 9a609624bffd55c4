// A TAP device in a network namespace of our own: the Linux kernel as the other end of a wire. Root and Linux only.
//
// The kernel's end is 10.0.0.1/24 in the namespace. Whatever is read from the device is a frame that the kernel sent.

import { execFileSync } from "node:child_process"
import { closeSync, constants, openSync, read, writeSync } from "node:fs"
import koffi from "koffi"

/** From linux/if_tun.h: the request that names an interface, an Ethernet device, and frames without a header of the kernel's. */
const TUNSETIFF = 0x400454ca
const IFF_TAP = 0x0002
const IFF_NO_PI = 0x1000
const IFREQ_LEN = 40
const IFREQ_FLAGS = 16

/** The largest frame that a device with an MTU of 1500 hands over, with room to spare. */
const FRAME_MAX = 2048

/** An open TAP device. */
export interface Tap {
  /** Give a frame to the kernel. */
  write(frame: Uint8Array): void
  /** Hear of every frame that the kernel sends, for as long as the process lives: a read of a device cannot be taken back. */
  listen(heard: (frame: Uint8Array) => void): void
  close(): void
}

/** Open the device `name` of the namespace this process runs in (`inNamespace`), making it if there is none. */
export function openTap(name: string): Tap {
  const libc = koffi.load("libc.so.6")
  const ioctl = libc.func("int ioctl(int fd, unsigned long request, void *argument)")
  const fd = openSync("/dev/net/tun", constants.O_RDWR)
  const request = Buffer.alloc(IFREQ_LEN)
  request.write(name, 0, "latin1")
  request.writeUInt16LE(IFF_TAP | IFF_NO_PI, IFREQ_FLAGS)
  if (ioctl(fd, TUNSETIFF, request) < 0) {
    closeSync(fd)
    throw new Error(`the kernel refused the TAP device ${name} (errno ${koffi.errno()})`)
  }
  return {
    write: (frame) => void writeSync(fd, frame),
    listen(heard) {
      const next = () => {
        const buffer = Buffer.alloc(FRAME_MAX)
        read(fd, buffer, 0, FRAME_MAX, null, (failure, length) => {
          if (failure !== null) return
          heard(new Uint8Array(buffer.buffer, buffer.byteOffset, length))
          next()
        })
      }
      next()
    },
    close: () => closeSync(fd),
  }
}

/** Run `program` in the namespace `namespace` and give what it printed. Throws with its output if it failed. */
export function inNamespace(namespace: string, program: string, args: readonly string[]): string {
  return execFileSync("ip", ["netns", "exec", namespace, program, ...args], { encoding: "utf8", timeout: 30_000 })
}

/** Whether TAP devices can be made here: `undefined`, or the reason why not. */
export function tapUnavailable(): string | undefined {
  if (process.platform !== "linux") return "TAP devices are Linux's"
  if (process.getuid?.() !== 0) return "making a TAP device needs root"
  try {
    execFileSync("ip", ["-V"], { stdio: "ignore" })
    closeSync(openSync("/dev/net/tun", "r+"))
    return undefined
  } catch (failure) {
    return `no TAP device here: ${(failure as Error).message}`
  }
}
