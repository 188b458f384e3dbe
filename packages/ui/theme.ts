// SPDX-License-Identifier: Apache-2.0
import type { ThemeConfig } from 'antd'
import type { Display } from './preferences.ts'

/** One blue for action, white ground, 14 px; red, amber and green only where a word says the same. */
export const theme: ThemeConfig = {
  token: {
    colorPrimary: '#1a56b4',
    colorLink: '#1a56b4',
    // The hover that is derived from the blue is too pale to be read.
    colorLinkHover: '#123f85',
    colorLinkActive: '#123f85',
    colorInfo: '#1a56b4',
    colorError: '#b3261e',
    colorWarning: '#8a5200',
    colorSuccess: '#1d6b3a',
    colorErrorBg: '#fdf1f0',
    colorErrorBorder: '#e3b0ac',
    colorWarningBg: '#fff6e5',
    colorWarningBorder: '#e5c88d',
    colorSuccessBg: '#eef7f1',
    colorSuccessBorder: '#a8d0b7',
    colorInfoBg: '#eef4fc',
    colorInfoBorder: '#a9c4ea',
    colorText: '#1f2329',
    colorTextSecondary: '#4e5661',
    colorTextTertiary: '#656d78',
    colorTextPlaceholder: '#656d78',
    colorTextDisabled: '#6b7380',
    colorBorder: '#b9c0c9',
    colorBorderSecondary: '#dde1e6',
    borderRadius: 4,
    fontSize: 14,
    fontFamily: 'var(--tc-font)',
    boxShadowTertiary: 'none',
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.16s',
  },
  components: {
    Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
  },
}

/** How much larger text is in each size (字号); styles.css has the same. */
export const TEXT_SCALES: Readonly<Record<Display['textSize'], number>> = { normal: 1, large: 1.25, larger: 1.5 }

/** What a thumb hits without looking (WCAG 2.2, 2.5.5). */
const THUMB = 44

/**
 * The theme for a reader's settings: text and controls grow together, high contrast is black on white, and on a phone whatever is pressed
 * is as high as a thumb. Ours do the same in styles.css.
 */
export function themeFor({ textSize, contrast }: Display, phone = false): ThemeConfig {
  const scale = TEXT_SCALES[textSize]
  const control = (height: number) => Math.max(Math.round(height * scale), phone ? THUMB : 0)
  const black = {
    colorText: '#000',
    colorTextSecondary: '#000',
    colorTextTertiary: '#1f1f1f',
    colorTextPlaceholder: '#1f1f1f',
    colorBorder: '#000',
  }
  return {
    ...theme,
    token: {
      ...theme.token,
      fontSize: Math.round(14 * scale),
      controlHeight: control(32),
      ...(phone ? { controlHeightSM: control(24) } : {}),
      ...(contrast === 'high' ? { ...black, colorBorderSecondary: '#595959', colorPrimary: '#00337f', colorLink: '#00337f' } : {}),
    },
  }
}
