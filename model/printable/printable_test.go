package printable_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lockproof/lockproof/model/printable"
)

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"lock(&vm->lock)":            "lock(&vm->lock)",
		"Prüfung 検査 ⚠":               "Prüfung 検査 ⚠",
		"\x1b]0;PWNED\x07\x1b[2J":    `\x1b]0;PWNED\x07\x1b[2J`,
		"\u009b31m\u0085\u2028":      `\u009b31m\u0085\u2028`,
		"a\u202eb\u2066c\u200e":      `a\u202eb\u2066c\u200e`,
		"\u200b\u200d\ufeff\u2060":   `\u200b\u200d\ufeff\u2060`,
		"\u034f\u3164\ufe0f\u115f":   `\u034f\u3164\ufe0f\u115f`,
		"\x00\x7f\r\n\t":             `\x00\x7f\r\n\t`,
		"\xff\xc3(\xe2\x80":          `\xff\xc3(\xe2\x80`,
		"\u00a0\u2003":               `\u00a0\u2003`,
		"\U000e0041\U000f0000":       `\U000e0041\U000f0000`,
		"::error::x":                 "::error::x", // it stands in the middle of a line
		"##[error]x a##b[0] ##VSO[x": `##\x5berror]x a##b[0] ##VSO\x5bx`,
		"\ufffd":                     "\ufffd",
	} {
		if got := printable.Line(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if got := printable.Text("a\n\tb\x1b\r\n##[c]"); got != "a\n\tb\\x1b\\r\n##[c]" {
		t.Errorf("%q", got)
	}
}

func TestWriter(t *testing.T) {
	for _, c := range []struct {
		rules      printable.Rule
		text, want string
	}{
		{printable.Both, "::error::x\n", ":\\x3aerror::x\n"},
		{printable.Both, "a ::error::x\n", "a ::error::x\n"},
		{printable.Both, "  \t ::warning::x", "         :\\x3awarning::x"},
		{printable.Both, "\r::warning::x", `\r::warning::x`},
		{printable.Both, "a\r\n::warning::x\r\n", "a\n:\\x3awarning::x\n"},
		{printable.Both, "###[group]x ##vso[task]", `###\x5bgroup]x ##vso\x5btask]`},
		{printable.Both, "# #[x ##teamcity[x ##b[x", `# #[x ##teamcity\x5bx ##b[x`},
		{printable.Both, "section_start:1:a\r\x1b[0K", `section_start:1:a\r\x1b[0K`},
		{printable.Both, "a\tb\n\tc", "a       b\n        c"},
		{printable.Commands, "\x1b\t\xff\r\n", "\x1b\t\xff\r\n"},
		{printable.Commands, "x\r::error::\n\ufeff ::a\n:a::", "x\r:\\x3aerror::\n\ufeff :\\x3aa\n:a::"},
		{printable.Controls, ":: a\x1b ##[", `:: a\x1b ##[`},
		{printable.Both, "a\xe2\x80", `a\xe2\x80`},
		{printable.Both, "a\r", `a\r`},
	} {
		var b strings.Builder
		w := printable.NewWriter(&b, c.rules)
		n, err := w.Write([]byte(c.text))
		if n != len(c.text) || err != nil || w.Flush() != nil || b.String() != c.want {
			t.Errorf("%q: %d, %v, %q, want %q", c.text, n, err, b.String(), c.want)
		}
	}
}

func TestPage(t *testing.T) {
	page := func(coloured bool) *printable.Page {
		p := &printable.Page{Coloured: coloured}
		p.Paint(printable.Bad, "\x1b[2J::x")
		fmt.Fprintf(p, " a  ")
		p.TrimBlanks()
		p.WriteString("\n")
		p.Paint(printable.Faint, ":")
		p.WriteString(":error::\x1b[31m\n")
		return p
	}
	var with, without strings.Builder
	if _, err := page(true).WriteTo(&with); err != nil {
		t.Fatal(err)
	}
	if _, err := page(false).WriteTo(printable.NewWriter(&without, printable.Both)); err != nil {
		t.Fatal(err)
	}
	if want := "\\x1b[2J::x a\n:\\x3aerror::\\x1b[31m\n"; without.String() != want {
		t.Errorf("%q, want %q", without.String(), want)
	}
	if want := "\x1b[31;1m\\x1b[2J::x\x1b[0;22m a\n\x1b[2m:\x1b[22m\\x3aerror::\\x1b[31m\n"; with.String() != want {
		t.Errorf("%q, want %q", with.String(), want)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestWriterFails(t *testing.T) {
	w := printable.NewWriter(broken{}, printable.Both)
	if n, err := w.Write([]byte("x")); n != 0 || err == nil {
		t.Errorf("%d, %v", n, err)
	}
	var p printable.Page
	p.WriteString("x")
	if _, err := p.WriteTo(broken{}); err == nil {
		t.Error("no error")
	}
}

var command = regexp.MustCompile(`(?im)^\s*::|##(vso|teamcity)?\[`)

// Whatever is written, in whatever parts: what comes out can be seen, commands nobody, is the same
// as when written at once, and stays the same when it is written again. What is left of JSON means
// the same.
func FuzzWriter(f *testing.F) {
	for _, s := range []string{"::error::x", " \t::a\r\n##[b]\x1b[0m", "\u202e\xff\xe2", "##vso\x00[", "#\xff#[", ":\x1b:", "\r::", "a\u2028b##[\U000e0041"} {
		f.Add(s, uint8(1))
	}
	f.Fuzz(func(t *testing.T, text string, step uint8) {
		put := func(step int, text string) string {
			var b strings.Builder
			w := printable.NewWriter(&b, printable.Both)
			for step > 0 && len(text) > step {
				w.Write([]byte(text[:step]))
				text = text[step:]
			}
			w.Write([]byte(text))
			w.Flush()
			return b.String()
		}
		out := put(0, text)
		if parts := put(int(step), text); parts != out {
			t.Errorf("in parts %q, at once %q", parts, out)
		}
		if again := put(0, out); again != out {
			t.Errorf("%q, and again %q", out, again)
		}
		for _, s := range []string{out, printable.Line(text) + "\n"} {
			for _, r := range s {
				if r != '\n' && !printable.Shown(r) {
					t.Errorf("%q has %q", s, r)
				}
			}
		}
		if command.MatchString(out) {
			t.Errorf("a command: %q", out)
		}
		if line := printable.Line(text); strings.Contains(line, "\n") || strings.Contains(line, "##[") {
			t.Errorf("no line: %q", line)
		}
		var b bytes.Buffer
		enc := json.NewEncoder(printable.NewJSON(&b))
		enc.SetEscapeHTML(false)
		if err := enc.Encode(map[string]string{text: text}); err != nil {
			t.Fatal(err)
		}
		for _, r := range b.String() {
			if r != '\n' && !printable.Shown(r) {
				t.Errorf("%q has %q", b.String(), r)
			}
		}
		back := map[string]string{}
		valid := strings.ToValidUTF8(text, "\ufffd")
		if err := json.Unmarshal(b.Bytes(), &back); err != nil || command.MatchString(b.String()) || utf8.ValidString(text) && back[valid] != text {
			t.Errorf("%s: %v, %q", b.String(), err, back)
		}
	})
}
