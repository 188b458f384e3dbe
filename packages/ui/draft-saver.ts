// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, newActionKey } from '@tongchou/api-client'

/** What the server gave back for a saved draft. */
export interface SavedDraft {
  id: string
  version: number
  updatedAt: string
}

/** One attempt to save. Repeated unchanged, key and all, until the server has answered. */
export interface SaveAttempt<Saved extends SavedDraft = SavedDraft> {
  target: Saved | null
  body: Record<string, unknown>
  key: string
}

export type SaveStanding =
  /** Nothing typed yet, or what is typed cannot be saved before more is filled in. */
  | { kind: 'kept' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: string }
  /** No answer; what was typed stays on the page and is sent again. */
  | { kind: 'offline'; error: unknown }
  | { kind: 'refused'; error: unknown }

const DEBOUNCE_MS = 800
const RETRY_MS = 5000

/**
 * Saves a draft while it is typed. One attempt runs at a time. An attempt without an answer is repeated as it was, under
 * the same key: a first save whose answer was lost must not become a second project.
 */
export class DraftSaver<Saved extends SavedDraft> {
  private readonly send: (attempt: SaveAttempt<Saved>) => Promise<Saved>
  private readonly tell: (standing: SaveStanding, saved: Saved | null) => void
  private saved: Saved | null
  private savedText: string
  private wanted: { text: string; body: Record<string, unknown> | null }
  private attempt: (SaveAttempt<Saved> & { text: string }) | null = null
  private running: Promise<void> | null = null
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    send: (attempt: SaveAttempt<Saved>) => Promise<Saved>,
    tell: (standing: SaveStanding, saved: Saved | null) => void,
    saved: Saved | null,
    text: string,
  ) {
    this.send = send
    this.tell = tell
    this.saved = saved
    this.savedText = text
    this.wanted = { text, body: null }
  }

  /** Whether something typed is not on the server. */
  get isDirty(): boolean {
    return this.wanted.text !== this.savedText
  }

  /** What the server has given back last. */
  get current(): Saved | null {
    return this.saved
  }

  /** Takes what is typed now; `body` is null while it cannot be saved. */
  offer(text: string, body: Record<string, unknown> | null): void {
    this.wanted = { text, body }
    clearTimeout(this.timer)
    if (this.isDirty && body !== null) this.timer = setTimeout(() => void this.flush(), DEBOUNCE_MS)
    else if (this.isDirty && this.running === null) this.tell({ kind: 'kept' }, this.saved)
  }

  /** Saves at once and gives what is on the server; null when what is typed is not. */
  async flush(): Promise<Saved | null> {
    clearTimeout(this.timer)
    this.running ??= this.run().finally(() => {
      this.running = null
    })
    await this.running
    return this.isDirty ? null : this.saved
  }

  stop(): void {
    clearTimeout(this.timer)
  }

  private async run(): Promise<void> {
    for (let next = this.next(); next !== null; next = this.next()) {
      this.attempt = next
      this.tell({ kind: 'saving' }, this.saved)
      try {
        this.saved = await this.send({ target: next.target, body: next.body, key: next.key })
      } catch (error) {
        this.failed(error)
        return
      }
      this.attempt = null
      this.savedText = next.text
      this.tell(this.isDirty && this.wanted.body === null ? { kind: 'kept' } : { kind: 'saved', at: this.saved.updatedAt }, this.saved)
    }
  }

  private next(): (SaveAttempt<Saved> & { text: string }) | null {
    if (this.attempt) return this.attempt
    if (!this.isDirty || this.wanted.body === null) return null
    return { target: this.saved, body: this.wanted.body, key: newActionKey(), text: this.wanted.text }
  }

  private failed(error: unknown): void {
    if (error instanceof ApiProblem && error.status < 500) {
      this.attempt = null
      this.tell({ kind: 'refused', error }, this.saved)
      return
    }
    this.tell({ kind: 'offline', error }, this.saved)
    this.timer = setTimeout(() => void this.flush(), RETRY_MS)
  }
}
