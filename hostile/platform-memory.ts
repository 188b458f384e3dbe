// Loaded before the product into the process of the long run (`--import`, with `--expose-gc`): tells the driver over the channel of the
// parent what memory is held once all garbage is gone. The product has no such way in, and does not know of it.
declare const gc: (how: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void

// As when memory runs short, and as V8 does by itself when a process has been at rest for a while: without it V8 keeps the pages that the
// last burst emptied for the next one, and what is measured is how busy it was and not what it holds (seen: 450 MiB of which 250 were held).
const collect = () => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })

process.on('message', (asked) => {
  if (asked !== 'memory') return
  // Twice: what the first one finalizes is garbage of the second.
  collect()
  setImmediate(() => {
    collect()
    process.send?.(process.memoryUsage())
  })
})
// The channel alone keeps nothing running.
process.channel?.unref()
