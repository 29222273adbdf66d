package syntax

import (
	"fmt"
	"strings"
	"testing"
)

func TestLexer(t *testing.T) {
	tests := []struct {
		name, src, want string // tokens with their positions
	}{
		{"names and keywords", "int _a9 $x", "int@1:1 _a9@1:5 $x@1:9"},
		{"longest punctuator", "a+++b a->b a-->b a>>=1 ...", "a@1:1 ++@1:2 +@1:4 b@1:5 a@1:7 ->@1:8 b@1:10 a@1:12 --@1:13 >@1:15 b@1:16 a@1:18 >>=@1:19 1@1:22 ...@1:24"},
		{"two dots", "a..b", "a@1:1 .@1:2 .@1:3 b@1:4"},
		{"numbers", "0x1fUL 1e-3f .5 3rd 0x1p+3", "0x1fUL@1:1 1e-3f@1:8 .5@1:14 3rd@1:17 0x1p+3@1:21"},
		{"number then plus", "1+2 0xe+1", "1@1:1 +@1:2 2@1:3 0xe+1@1:5"},
		{"strings", `"a\"b" L"w" u8"x" 'c' '\'' L'q'`, `"a\"b"@1:1 L"w"@1:8 u8"x"@1:13 'c'@1:19 '\''@1:23 L'q'@1:28`},
		{"backslashes at a string's end", `"\\" x`, `"\\"@1:1 x@1:6`},
		{"comments", "a/* b\n c */d // e\nf", "a@1:1 d@2:6 f@3:1"},
		{"comment opener in a string", `"/*" x "//"`, `"/*"@1:1 x@1:6 "//"@1:8`},
		{"spliced line comment", "// a \\\n b\nc", "c@3:1"},
		{"spliced name", "fo\\\no bar", "foo@1:1 bar@2:3"},
		{"spliced number", "12\\\r\n3", "123@1:1"},
		{"spliced string", "\"ab\\\ncd\" e", `"abcd"@1:1 e@2:5`},
		{"spliced punctuator", "a -\\\n> b <\\\n<\\\n= c", "a@1:1 ->@1:3 b@2:3 <<=@2:5 c@4:3"},
		{"carriage returns", "a\r\nb\r\n", "a@1:1 b@2:1"},
		{"other characters", "a @ `", "a@1:1 @@1:3 `@1:5"},
		{"byte order mark", "\uFEFFint", "int@1:1"},
		{"unclosed string", "\"abc\nd", "1:1: string is never closed|\"abc\"@1:1 d@2:1"},
		{"unclosed character", "x 'a\nd", "1:3: character constant is never closed|x@1:1 'a'@1:3 d@2:1"},
		{"unclosed comment", "x\n /* a\n b", "2:2: comment is never closed|x@1:1"},
		{"comment that is only its opener", "/*/", "1:1: comment is never closed|"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var toks, errs []string
			lex := newLexer(tt.src, 0)
			lex.report = func(at token, msg string) { errs = append(errs, fmt.Sprintf("%d:%d: %s|", at.line, at.col, msg)) }
			for tok := lex.next(); tok.kind != tokEOF; tok = lex.next() {
				toks = append(toks, fmt.Sprintf("%s@%d:%d", tok.text, tok.line, tok.col))
			}
			compare(t, strings.Join(errs, "")+strings.Join(toks, " "), tt.want)
		})
	}
}

// Every punctuator and keyword must be spelled as it is read.
func TestTokenSpelling(t *testing.T) {
	for k := pLparen; k <= pHashHash; k++ {
		var w [3]byte
		copy(w[:], k.spelling())
		got, n := punctuatorAt(w[0], w[1], w[2])
		if got != k || n != len(k.spelling()) {
			t.Errorf("`%s` is read as `%s`", k.spelling(), got.spelling())
		}
	}
}
