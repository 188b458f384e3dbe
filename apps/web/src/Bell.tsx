// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query'
import { apiGet } from '@tongchou/api-client'
import { NavLink } from 'react-router'

const EVERY_MS = 60_000

/** 消息 in the top bar with how many are unread; asked anew every minute and after each act. */
export function Bell() {
  const { data } = useQuery({
    queryKey: ['/api/v1/notices/unread', {}],
    queryFn: ({ signal }) => apiGet<{ unread: number }>('/api/v1/notices/unread', { signal }),
    refetchInterval: EVERY_MS,
  })
  const unread = data?.unread ?? 0
  return (
    <NavLink className="tc-bell" to="/notices" aria-label={unread > 0 ? `消息，${unread} 条未读` : '消息，没有未读'}>
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <path
          d="M10 2a5 5 0 0 0-5 5v3.6L3.4 13.4A.7.7 0 0 0 4 14.5h12a.7.7 0 0 0 .6-1.1L15 10.6V7a5 5 0 0 0-5-5Zm-2 14a2 2 0 0 0 4 0H8Z"
          fill="currentColor"
        />
      </svg>
      {unread > 0 && <span className="tc-bell-count">{unread > 99 ? '99+' : unread}</span>}
    </NavLink>
  )
}
