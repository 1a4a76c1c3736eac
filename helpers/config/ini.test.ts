import { expect, test } from 'vitest';
import { parseIni } from './ini.ts';

test('keys before any heading belong to the unnamed section', () => {
  const ini = parseIni('SP_API_HTTP_HOST=10.0.0.1\n\n[node-1.example.com]\nSP_OURID=12\n');
  expect(ini.value('', 'SP_API_HTTP_HOST')).toBe('10.0.0.1');
  expect(ini.value('node-1.example.com', 'SP_OURID')).toBe('12');
  expect(ini.sections()).toEqual(['', 'node-1.example.com']);
});

test('a # or ; inside a value is part of it, at the start of a line a comment', () => {
  const ini = parseIni('# a comment\n; another\npassword = pa#ss;word # tail\n  # indented comment\n');
  expect(ini.value('', 'password')).toBe('pa#ss;word # tail');
  expect(ini.problems).toEqual([]);
});

test('the first of = and : parts key and value', () => {
  const ini = parseIni('url = http://a:5000/v3?x=y\nalso: b=c\n');
  expect(ini.value('', 'url')).toBe('http://a:5000/v3?x=y');
  expect(ini.value('', 'also')).toBe('b=c');
});

test('repeated keys are kept in order and the last one wins', () => {
  const ini = parseIni('[libvirt]\nvolume_drivers=a=b\nvolume_drivers=c=d\n[other]\nx=1\n[libvirt]\nvolume_drivers=e=f\n');
  expect(ini.values('libvirt', 'volume_drivers')).toEqual(['a=b', 'c=d', 'e=f']);
  expect(ini.value('libvirt', 'volume_drivers')).toBe('e=f');
  expect(ini.section('libvirt').get('volume_drivers')).toBe('e=f');
});

test('an indented line continues the value before it, also over a comment', () => {
  const ini = parseIni('filters = a,\n  b,\n# why c\n\tc\n\nnext = 1\n');
  expect(ini.value('', 'filters')).toBe('a,\nb,\nc');
  expect(ini.value('', 'next')).toBe('1');
});

test('quotes are kept for StorPool and stripped for oslo', () => {
  expect(parseIni('a="x y"').value('', 'a')).toBe('"x y"');
  expect(parseIni('a="x y"', { quotes: 'strip' }).value('', 'a')).toBe('x y');
  expect(parseIni('a="', { quotes: 'strip' }).value('', 'a')).toBe('"');
});

test('a line that is nothing is told with its number', () => {
  expect(parseIni('a=1\nnonsense\n').problems).toEqual(['line 2: neither a heading nor key = value: nonsense']);
});

test('empty values, Windows line ends and missing keys are met', () => {
  const ini = parseIni('[s]\r\nempty=\r\nb = 2\r\n');
  expect(ini.value('s', 'empty')).toBe('');
  expect(ini.value('s', 'b')).toBe('2');
  expect(ini.value('s', 'none')).toBeUndefined();
  expect(ini.section('none').size).toBe(0);
});
