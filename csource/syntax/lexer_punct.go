package syntax

// punctuator reads the longest punctuator at the current offset. A line may be spliced inside one.
func (l *lexer) punctuator(t *token) {
	var window [3]byte
	var ends [4]int // ends[n] is the offset after n bytes
	n, off := 0, l.off
	ends[0] = off
	for n < len(window) && off < len(l.src) {
		if l.src[off] == '\\' && n > 0 {
			if s := spliceLen(l.src[off:]); s > 0 {
				off += s
				continue
			}
		}
		window[n] = l.src[off]
		off++
		n++
		ends[n] = off
	}
	k, length := punctuatorAt(window[0], window[1], window[2])
	t.kind = k
	t.text = k.spelling()
	if k == tokOther {
		t.text = l.src[l.off : l.off+1]
	}
	if ends[length] == l.off+length {
		l.off += length
		return
	}
	l.advance(ends[length])
}

// punctuatorAt names the longest punctuator that begins with a, b, c, and its length.
func punctuatorAt(a, b, c byte) (kind, int) {
	// pick chooses among `x`, `x=` and, where there is one, `xx`.
	pick := func(plain, assign, double kind) (kind, int) {
		switch {
		case b == '=':
			return assign, 2
		case b == a && double != tokOther:
			return double, 2
		}
		return plain, 1
	}
	switch a {
	case '(':
		return pLparen, 1
	case ')':
		return pRparen, 1
	case '{':
		return pLbrace, 1
	case '}':
		return pRbrace, 1
	case '[':
		return pLbrack, 1
	case ']':
		return pRbrack, 1
	case ';':
		return pSemi, 1
	case ',':
		return pComma, 1
	case '~':
		return pTilde, 1
	case '?':
		return pQuestion, 1
	case ':':
		return pColon, 1
	case '.':
		if b == '.' && c == '.' {
			return pEllipsis, 3
		}
		return pDot, 1
	case '#':
		if b == '#' {
			return pHashHash, 2
		}
		return pHash, 1
	case '-':
		if b == '>' {
			return pArrow, 2
		}
		return pick(pMinus, pMinusAssign, pDec)
	case '+':
		return pick(pPlus, pPlusAssign, pInc)
	case '*':
		return pick(pStar, pStarAssign, tokOther)
	case '/':
		return pick(pSlash, pSlashAssign, tokOther)
	case '%':
		return pick(pPercent, pPercentAssign, tokOther)
	case '^':
		return pick(pCaret, pCaretAssign, tokOther)
	case '!':
		return pick(pNot, pNe, tokOther)
	case '=':
		return pick(pAssign, pEq, tokOther)
	case '&':
		return pick(pAmp, pAmpAssign, pAndAnd)
	case '|':
		return pick(pPipe, pPipeAssign, pOrOr)
	case '<':
		if b == '<' && c == '=' {
			return pShlAssign, 3
		}
		return pick(pLt, pLe, pShl)
	case '>':
		if b == '>' && c == '=' {
			return pShrAssign, 3
		}
		return pick(pGt, pGe, pShr)
	}
	return tokOther, 1
}
