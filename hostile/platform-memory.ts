// Loaded before the product into the process of the long run (`--import`, with `--expose-gc`): tells the driver over the channel of the
// parent what memory is held once all garbage is gone. The product has no such way in, and does not know of it.
declare const gc: () => void

process.on('message', (asked) => {
  if (asked !== 'memory') return
  // Twice: what the first one finalizes is garbage of the second.
  gc()
  setImmediate(() => {
    gc()
    process.send?.(process.memoryUsage())
  })
})
// The channel alone keeps nothing running.
process.channel?.unref()
