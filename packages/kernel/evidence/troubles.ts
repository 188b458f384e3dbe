/** Something that does not work since a moment; tried again every round. */
export interface Trouble {
  since: Date
  error: unknown
}

/**
 * What keeps leaves from their places (`tree`), heads from being signed (`signer`) or written outside (`outside`), and whether the tree is another
 * than the one that was signed last (`forked`); null where all is well. None of it keeps anybody from acting, nor rows from the chain.
 */
export type Troubles = Record<'tree' | 'signer' | 'outside' | 'forked', Trouble | null>

/** Keeps troubles, each told once when it begins. */
export function openTroubles(now: () => Date, onError: (error: unknown) => void) {
  const troubles: Troubles = { tree: null, signer: null, outside: null, forked: null }
  const begin = (about: keyof Troubles, error: unknown) => {
    if (!troubles[about]) onError(error)
    troubles[about] = { since: troubles[about]?.since ?? now(), error }
  }
  const end = (about: keyof Troubles) => {
    troubles[about] = null
  }
  return {
    all: (): Troubles => ({ ...troubles }),
    begin,
    end,
    /** Does it; where it fails, that is kept and goes no further. */
    attempt: async (about: keyof Troubles, act: () => Promise<void>): Promise<boolean> => {
      try {
        await act()
        end(about)
        return true
      } catch (error) {
        begin(about, error)
        return false
      }
    },
  }
}

export type KeptTroubles = ReturnType<typeof openTroubles>
