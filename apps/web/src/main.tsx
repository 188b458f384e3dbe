// SPDX-License-Identifier: Apache-2.0
import './older-browsers.ts'
import { QueryClientProvider } from '@tanstack/react-query'
import { theme } from '@tongchou/ui'
import { App, ConfigProvider } from 'antd'
import zhCN from 'antd/es/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import './frame.css'
import { makeQueryClient } from './query-client.ts'
import { makeRouter } from './routes.tsx'

// browser-check.js has already said why there is no application here.
if (!document.documentElement.hasAttribute('data-too-old')) start()

function start() {
  dayjs.locale('zh-cn')
  // After the first paint: on machines with Chinese fonts these rules are never used.
  void import('./fonts.css')
  // Who has asked the machine for no motion gets none: where it is only styled away, the library waits for an end that never comes.
  const motion = !window.matchMedia('(prefers-reduced-motion: reduce)').matches
  const root = document.getElementById('root')
  if (!root) throw new Error('index.html has no #root')
  createRoot(root).render(
    <StrictMode>
      <ConfigProvider locale={zhCN} theme={{ ...theme, token: { ...theme.token, motion } }} button={{ autoInsertSpace: false }}>
        <App>
          <QueryClientProvider client={makeQueryClient()}>
            <RouterProvider router={makeRouter()} />
          </QueryClientProvider>
        </App>
      </ConfigProvider>
    </StrictMode>,
  )
}
