// SPDX-License-Identifier: Apache-2.0
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Every browser that runs this application reads woff2, so the woff copies of the font slices are not shipped. */
function woff2Only(): Plugin {
  return {
    name: 'tongchou:woff2-only',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('@fontsource') || !id.includes('.css')) return null
      return { code: code.replaceAll(/,\s*url\([^)]+\.woff\)\s*format\('woff'\)/g, ''), map: null }
    },
  }
}

// biome-ignore lint/style/noDefaultExport: Vite reads its configuration from the default export
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), woff2Only()],
  // The oldest Chromium whose CSS the component library needs (:where); it is in the browsers offices still have.
  build: { target: ['chrome88', 'firefox91', 'safari15'], assetsInlineLimit: 0, chunkSizeWarningLimit: 900, reportCompressedSize: false },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
})
