// The bytes that were written and not yet acknowledged: a queue that is a value. Appending copies each byte once, into
// blocks with room to spare, so that many small writes neither cost a copy of the queue nor leave many small pieces.

interface Block {
  readonly bytes: Uint8Array
  /** How much of `bytes` has been written, by any queue that shares this block. */
  filled: number
}

/** A queue of bytes. Earlier values of a queue stay as they were when a later one grows. */
export interface SendQueue {
  readonly blocks: readonly Block[]
  /** Where the queue's first byte is in the first block, and where its last byte ends in the last one. */
  readonly head: number
  readonly tail: number
  readonly length: number
}

const SMALLEST_BLOCK = 1024
const LARGEST_BLOCK = 32768

const NO_BYTES = new Uint8Array(0)

/** No bytes. */
export const EMPTY: SendQueue = { blocks: [], head: 0, tail: 0, length: 0 }

/** `queue` with `data` at its end. `data` is copied. */
export function append(queue: SendQueue, data: Uint8Array): SendQueue {
  if (data.length === 0) return queue
  const last = queue.blocks.at(-1)
  let room = 0
  // A block's spare room belongs to the queue that reaches up to it: had another one written there, `filled` would say so.
  if (last !== undefined && last.filled === queue.tail) {
    room = Math.min(last.bytes.length - queue.tail, data.length)
    last.bytes.set(room === data.length ? data : data.subarray(0, room), queue.tail)
    last.filled += room
  }
  const length = queue.length + data.length
  const rest = data.length - room
  if (rest === 0) return { blocks: queue.blocks, head: queue.head, tail: queue.tail + room, length }
  // The more is waiting, the more is likely to come.
  const size = Math.max(rest, Math.min(Math.max(queue.length, SMALLEST_BLOCK), LARGEST_BLOCK))
  const block: Block = { bytes: new Uint8Array(size), filled: rest }
  block.bytes.set(data.subarray(room))
  // A last block that this queue ends inside of, because another queue has filled it, is cut off there.
  const blocks =
    last !== undefined && last.filled !== queue.tail + room
      ? [
          ...queue.blocks.slice(0, -1),
          { bytes: last.bytes.subarray(0, queue.tail + room), filled: queue.tail + room },
          block,
        ]
      : [...queue.blocks, block]
  return { blocks, head: queue.head, tail: rest, length }
}

/** `queue` without its first `count` bytes. */
export function drop(queue: SendQueue, count: number): SendQueue {
  if (count >= queue.length) return EMPTY
  let first = 0
  let head = queue.head + count
  for (;;) {
    const block = queue.blocks[first]!
    const end = first === queue.blocks.length - 1 ? queue.tail : block.filled
    if (head < end) break
    head -= end
    first++
  }
  const blocks = first === 0 ? queue.blocks : queue.blocks.slice(first)
  return { blocks, head, tail: queue.tail, length: queue.length - count }
}

/** `length` bytes of `queue` from `offset`: a view where one block has them all, otherwise a copy. Not to be written to. */
export function slice(queue: SendQueue, offset: number, length: number): Uint8Array {
  let index = 0
  let at = queue.head + offset
  let block = queue.blocks[0]
  if (block === undefined || length === 0) return NO_BYTES
  while (index < queue.blocks.length - 1 && at >= block.filled) {
    at -= block.filled
    block = queue.blocks[++index]!
  }
  if (at + length <= block.filled) return block.bytes.subarray(at, at + length)
  const bytes = new Uint8Array(length)
  for (let done = 0; done < length; ) {
    const part = block.bytes.subarray(at, Math.min(block.filled, at + length - done))
    bytes.set(part, done)
    done += part.length
    at = 0
    if (done < length) block = queue.blocks[++index]!
  }
  return bytes
}
