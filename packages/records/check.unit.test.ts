import { describe, expect, test } from 'vitest'
import { checkOf } from './check.ts'
import type { ItemType } from './definition.ts'

const of = (type: ItemType, required = false) => checkOf({ id: 'i1', title: '某项', type, required })
const rule = (found: unknown) => (typeof found === 'object' && found !== null && 'rule' in found ? found.rule : found)

describe('a value is checked by the type of its item and given in one form', () => {
  test.each<[string, ItemType, unknown, unknown]>([
    ['文本原样保留', { kind: 'text', length: 4 }, ' 0 1', ' 0 1'],
    ['文本按字计，不按 UTF-16 单元', { kind: 'text', length: 2 }, '𠮷𠮷', '𠮷𠮷'],
    ['文本超长', { kind: 'text', length: 2 }, '三个字', 'length'],
    ['数值不能当文本：长号码会失真', { kind: 'text', length: 20 }, 15_030_219_900_101, 'type'],
    ['空字符', { kind: 'text', length: 9 }, 'a\0b', 'characters'],
    ['残缺的代理项', { kind: 'text', length: 9 }, 'a\ud800', 'characters'],
    ['代码在表中', { kind: 'code', codes: ['01', '02'] }, '02', '02'],
    ['代码不在表中', { kind: 'code', codes: ['01', '02'] }, '2', 'code'],
    ['公民身份号码末位小写', { kind: 'citizen-id' }, '11010519491231002x', '11010519491231002X'],
    ['公民身份号码校验码不符', { kind: 'citizen-id' }, '110105194912310021', 'citizen-id'],
    ['公民身份号码生日不存在', { kind: 'citizen-id' }, '110105194902300029', 'citizen-id'],
    ['公民身份号码存成数值', { kind: 'citizen-id' }, 110105194912310020, 'type'],
    ['统一社会信用代码', { kind: 'credit-code' }, '91350100M000100Y43', '91350100M000100Y43'],
    ['统一社会信用代码校验码不符', { kind: 'credit-code' }, '91350100M000100Y44', 'credit-code'],
    ['整数', { kind: 'integer' }, '007', '7'],
    ['负零', { kind: 'integer' }, -0, '0'],
    ['失真的整数', { kind: 'integer' }, 2 ** 60, 'type'],
    ['金额为整数分', { kind: 'money' }, 12.5, 'type'],
    ['小数补足位数', { kind: 'decimal', digits: 10, scale: 2 }, '-0012.5', '-12.50'],
    ['小数负零', { kind: 'decimal', digits: 10, scale: 2 }, '-0.00', '0.00'],
    ['小数不替来源舍入', { kind: 'decimal', digits: 10, scale: 2 }, '1.005', 'precision'],
    ['整数位过多', { kind: 'decimal', digits: 4, scale: 2 }, '100', 'precision'],
    ['科学计数', { kind: 'decimal', digits: 30, scale: 2 }, 1e21, 'type'],
    ['只有小数点', { kind: 'decimal', digits: 4, scale: 2 }, '.', 'type'],
    ['双精度', { kind: 'double' }, '1e-3', '0.001'],
    ['无穷', { kind: 'double' }, 'Infinity', 'type'],
    ['日期', { kind: 'date' }, '2024-02-29', '2024-02-29'],
    ['没有的日期', { kind: 'date' }, '2026-02-29', 'date'],
    ['日期写法', { kind: 'date' }, '2026/1/9', 'date'],
    ['日期含字母', { kind: 'date' }, '2026-0a-09', 'date'],
    ['月份', { kind: 'month' }, '2026-12', '2026-12'],
    ['没有的月份', { kind: 'month' }, '2026-13', 'date'],
    ['时间归到协调世界时', { kind: 'instant' }, '2026-01-09T08:30:00.120+08:00', '2026-01-09T00:30:00.12Z'],
    ['时间没有时区', { kind: 'instant' }, '2026-01-09T08:30:00', 'instant'],
    ['是否', { kind: 'flag' }, '是', 'true'],
    ['是否写成别的', { kind: 'flag' }, '有', 'type'],
  ])('%s', (_, type, raw, expected) => {
    expect(rule(of(type)(raw))).toBe(expected)
  })

  test('an empty text is no value, and a required item needs one', () => {
    expect(of({ kind: 'date' })('')).toBeNull()
    expect(rule(of({ kind: 'date' }, true)(''))).toBe('required')
    expect(rule(of({ kind: 'integer' }, true)(null))).toBe('required')
  })

  test('what is said of a wrong value names the item and never the value', () => {
    expect(of({ kind: 'citizen-id' })('110105194912310021')).toEqual({
      item: 'i1',
      rule: 'citizen-id',
      message: '“某项”不合规则：公民身份号码第18位校验码与前17位不符。请对照证件逐位核对。',
    })
  })
})
