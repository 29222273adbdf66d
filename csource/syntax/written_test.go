package syntax_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/csource/syntax"
)

// Each token is where it says, with spliced lines, directives and comments around it.
func TestWrittenTokens(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"a = b->c; /* no */ // no\n", "a = b -> c ;"},
		{"\uFEFF#define X \\\n  y\n# if 0\nx(\"a;\")\n#endif\n'b'", `x ( "a;" ) 'b'`},
		{"ab\\\ncd <<\\\n= 0x1f;", "abcd <<= 0x1f ;"},
		{"\"open\n;", "\"open\" ;"},
		{"@ # x", "@ # x"},
		{"#", ""},
		{"", ""},
	} {
		var words []string
		for _, w := range syntax.WrittenTokens(syntax.Source{Name: "f.c", Text: []byte(c.src)}) {
			words = append(words, w.Text)
			plain := strings.ReplaceAll(c.src[w.From:w.To], "\\\n", "")
			if plain != w.Text && plain+`"` != w.Text {
				t.Errorf("%q: %q stands where %q should", c.src, c.src[w.From:w.To], w.Text)
			}
			line := strings.Split(c.src, "\n")[w.Pos.Line-1]
			if col := w.Pos.Col - 1; !strings.HasPrefix(strings.TrimPrefix(line, "\uFEFF")[col:], w.Text[:1]) {
				t.Errorf("%q: %s is no place of %q", c.src, w.Pos, w.Text)
			}
		}
		if diff := cmp.Diff(c.want, strings.Join(words, " ")); diff != "" {
			t.Errorf("%q:\n%s", c.src, diff)
		}
	}
}
