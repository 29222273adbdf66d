package logs

import "bytes"

// number reads decimal digits from the front.
func number(b []byte) (n int64, rest []byte, ok bool) {
	i := 0
	for i < len(b) && '0' <= b[i] && b[i] <= '9' && i < 18 {
		n = n*10 + int64(b[i]-'0')
		i++
	}
	return n, b[i:], i > 0
}

// pointer reads 0x and hexadecimal digits, or (nil).
func pointer(b []byte) (p uint64, rest []byte, ok bool) {
	if bytes.HasPrefix(b, nilPointer) {
		return 0, b[len(nilPointer):], true
	}
	if len(b) < 3 || b[0] != '0' || b[1] != 'x' {
		return 0, b, false
	}
	i := 2
	for ; i < len(b) && i < 18; i++ {
		c := b[i]
		switch {
		case '0' <= c && c <= '9':
			p = p<<4 | uint64(c-'0')
		case 'a' <= c && c <= 'f':
			p = p<<4 | uint64(c-'a'+10)
		default:
			return p, b[i:], i > 2
		}
	}
	return p, b[i:], i > 2
}

var nilPointer = []byte("(nil)")

// cut takes a word from the front.
func cut(b []byte, word string) ([]byte, bool) {
	if len(b) >= len(word) && string(b[:len(word)]) == word {
		return b[len(word):], true
	}
	return b, false
}

// before splits at the first occurrence.
func before(b []byte, sep string) (head, tail []byte, ok bool) {
	if i := bytes.Index(b, []byte(sep)); i >= 0 {
		return b[:i], b[i+len(sep):], true
	}
	return b, nil, false
}

func has(b []byte, s string) bool { return bytes.Contains(b, []byte(s)) }

// two reads two digits; -1 if they are none.
func two(b []byte) int {
	x, y := int(b[0])-'0', int(b[1])-'0'
	if x < 0 || x > 9 || y < 0 || y > 9 {
		return -1
	}
	return x*10 + y
}
