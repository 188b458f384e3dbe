// SPDX-License-Identifier: Apache-2.0
// biome-ignore-all lint/complexity/useOptionalChain: this file must run in browsers that know no new syntax
// biome-ignore-all lint/complexity/useArrowFunction: as above
// biome-ignore-all lint/suspicious/noVar: as above
// Says so where the browser is too old, instead of a blank page or a form that half works.
;(function () {
  var enough =
    'noModule' in document.createElement('script') &&
    'ResizeObserver' in window &&
    'replaceAll' in String.prototype &&
    window.CSS &&
    CSS.supports &&
    CSS.supports('selector(:where(a))')
  if (enough) return
  document.documentElement.setAttribute('data-too-old', '')
  document.title = '浏览器版本过低 · 统筹'
  document.addEventListener('DOMContentLoaded', function () {
    document.body.innerHTML =
      '<div style="max-width:560px;margin:80px auto;padding:0 16px;font:16px/28px sans-serif;color:#1f2329">' +
      '<h1 style="font-size:22px">浏览器版本过低</h1>' +
      '<p>当前浏览器不能正确显示本系统，为避免填报内容丢失，页面没有打开。</p>' +
      '<p>可以使用：Chrome、Edge 88 及以上，Firefox 91 及以上，Safari 15 及以上；' +
      '360 安全浏览器、奇安信可信浏览器、统信浏览器等请升级到内核 88 及以上的版本，并使用极速模式。</p>' +
      '<p>内网不能联网下载的，请向本单位信息化管理人员索取以上任一浏览器的离线安装包；' +
      '信创终端可从统信、麒麟软件商店的内网源安装奇安信可信浏览器或 360 安全浏览器。</p>' +
      '<p>不能自行升级的，请联系本单位信息化管理人员。</p></div>'
  })
})()
