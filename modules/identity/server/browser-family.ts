// The first that fits: browsers that are made of another one name that one as well.
const families: readonly (readonly [RegExp, string])[] = [
  [/MicroMessenger/, '微信'],
  [/DingTalk/, '钉钉'],
  [/QaxBrowser|QIANXIN/i, '奇安信可信浏览器'],
  [/360SE|360EE|QIHU/i, '360 浏览器'],
  [/UOS|UBrowser/i, '统信浏览器'],
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\/|Chromium\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: readonly (readonly [RegExp, string])[] = [
  [/HarmonyOS|OpenHarmony/, '鸿蒙'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
]

/** What a session is told apart by (浏览器): the family and the system, never the header itself, which says whatever its sender likes. */
export function browserFamily(userAgent: string | undefined): string {
  const of = (list: typeof families) => list.find(([shape]) => shape.test(userAgent ?? ''))?.[1]
  return [of(families) ?? '其他程序', of(systems)].filter(Boolean).join('，')
}
