import type { CellAnswer, CellFinding, StudyOrder } from "./studyMember.ts"
import { hireMember } from "./workers.ts"

/** What a crew needs of a thread. */
export interface Hand {
  postMessage(key: string): void
  on(event: "message", listener: (answer: CellAnswer) => void): unknown
  on(event: "error", listener: (error: Error) => void): unknown
  on(event: "exit", listener: (status: number) => void): unknown
  terminate(): Promise<unknown>
}

/**
 * Computes cells on so many threads, each cell on one of them, and tells of each as it is done. Ends when all are, when `stopped`
 * (somebody asked for an end), or at the first failure, of a cell, a thread or `told`, which it throws. What a cell finds does not depend on the thread.
 */
export async function computeCells(order: StudyOrder, keys: readonly string[], threads: number, told: (answer: CellFinding) => void, stopped: () => boolean, hire: (order: StudyOrder) => Hand = own => hireMember("studyMember", own)): Promise<void> {
  const left = [...keys], hands: Hand[] = []
  let watch: NodeJS.Timeout | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      let busy = 0
      watch = setInterval(() => { if (stopped()) resolve() }, 100)
      const next = (hand: Hand): void => {
        const key = left.shift()
        if (key === undefined) return
        busy++
        hand.postMessage(key)
      }
      for (let i = 0; i < Math.min(threads, keys.length); i++) {
        const hand = hire(order)
        hands.push(hand)
        hand.on("message", answer => {
          busy--
          if ("failure" in answer) return reject(new Error(`cell \`${answer.key}\` of the study \`${order.study}\` failed: ${answer.failure}`))
          // What a listener throws would end the process, not this promise.
          try { told(answer) } catch (error) { return reject(error as Error) }
          next(hand)
          if (busy === 0) resolve()
        })
        hand.on("error", error => { reject(new Error(`a thread failed: ${error.message}`)) })
        hand.on("exit", status => { reject(new Error(`a thread ended with status ${status} before its work was done`)) })
        next(hand)
      }
      if (busy === 0) resolve()
    })
  } finally {
    clearInterval(watch)
    await Promise.all(hands.map(hand => hand.terminate()))
  }
}
