package logs

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// fields calls f for each field of a flat JSON object that stands on one line. The value is the raw
// text: of a string what stands between its quotes, with its escapes. It reports whether the object
// is whole.
func fields(b []byte, f func(key, value []byte, quoted bool)) bool {
	b = blanks(b)
	if len(b) == 0 || b[0] != '{' {
		return false
	}
	b = blanks(b[1:])
	for len(b) > 0 && b[0] == '"' {
		n := quotedEnd(b)
		if n < 0 {
			return false
		}
		key := b[1 : n-1]
		b = blanks(b[n:])
		if len(b) == 0 || b[0] != ':' {
			return false
		}
		b = blanks(b[1:])
		if len(b) == 0 {
			return false
		}
		quoted := b[0] == '"'
		if quoted {
			if n = quotedEnd(b); n < 0 {
				return false
			}
			f(key, b[1:n-1], true)
		} else {
			if n = valueEnd(b); n < 0 {
				return false
			}
			f(key, b[:n], false)
		}
		b = blanks(b[n:])
		if len(b) > 0 && b[0] == ',' {
			b = blanks(b[1:])
			continue
		}
		break
	}
	return len(b) > 0 && b[0] == '}'
}

func blanks(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\r' || b[0] == '\n') {
		b = b[1:]
	}
	return b
}

// quotedEnd is where a string ends that begins with its quote; -1 if it does not.
func quotedEnd(b []byte) int {
	for i := 1; ; {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
		slashes := 0
		for b[i-1-slashes] == '\\' {
			slashes++
		}
		i++
		if slashes%2 == 0 {
			return i
		}
	}
}

// valueEnd is where a value ends that is no string.
func valueEnd(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			n := quotedEnd(b[i:])
			if n < 0 {
				return -1
			}
			i += n - 1
		case '[', '{':
			depth++
		case ']', '}':
			if depth == 0 {
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// unquote takes the escapes out of a string of JSON. Without any it is the string itself.
func unquote(raw, scratch []byte) []byte {
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw
	}
	out := scratch[:0]
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 == len(raw) {
			out = append(out, raw[i])
			continue
		}
		i++
		switch raw[i] {
		case 'n':
			out = append(out, '\n')
		case 't':
			out = append(out, '\t')
		case 'r':
			out = append(out, '\r')
		case 'b', 'f':
			out = append(out, ' ')
		case 'u':
			r, n := hex4(raw[i+1:])
			i += n
			if utf16.IsSurrogate(r) && i+2 < len(raw) && raw[i+1] == '\\' && raw[i+2] == 'u' {
				low, n := hex4(raw[i+3:])
				r = utf16.DecodeRune(r, low)
				i += 2 + n
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, raw[i])
		}
	}
	return out
}

func hex4(b []byte) (rune, int) {
	if len(b) < 4 {
		return utf8.RuneError, len(b)
	}
	n, err := strconv.ParseUint(string(b[:4]), 16, 32)
	if err != nil {
		return utf8.RuneError, 4
	}
	return rune(n), 4
}

// byteArray is a string that the journal gives as an array of bytes, for it is no UTF-8.
func byteArray(raw, scratch []byte) []byte {
	out := scratch[:0]
	for len(raw) > 0 {
		n, rest, ok := number(raw)
		if ok && n < 256 {
			out = append(out, byte(n))
			raw = rest
			continue
		}
		raw = raw[1:]
	}
	return out
}
