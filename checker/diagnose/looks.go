package diagnose

import (
	"bytes"
	"regexp"
	"unicode/utf8"
)

// magics are what files begin with that are no text.
var magics = []struct{ magic, is string }{
	{
		"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04",
		"a core dump (open it with gdb or coredumpctl, and send what `thread apply all bt` prints)",
	},
	{"\x7fELF", "an ELF binary"},
	{"PK\x03\x04", "a ZIP archive"},
	{"\xfd7zXZ", "an xz file"},
	{"BZh", "a bzip2 file"},
	{"LPKSHHRH", "the journal's own files (send what `journalctl -u libvirtd -o json` prints)"},
	{"\x89PNG", "a picture"},
	{"\xff\xd8\xff", "a picture"},
	{"%PDF-", "a PDF"},
	{"\xff\xfe", "UTF-16"},
	{"\xfe\xff", "UTF-16"},
}

var textLooks = []struct {
	re *regexp.Regexp
	is string
}{
	{regexp.MustCompile(`(?i)^\s*<(!doctype html|html)`), "a web page"},
	{regexp.MustCompile(`^\s*<(\?xml|domain)`), "XML"},
	{regexp.MustCompile(`^\s*[{[]\s*["{\]}]`), "JSON of something else"},
	{regexp.MustCompile(`(?m)^[^\n]{0,40}\d\d:\d\d:\d\d`), "a log of something else"},
}

// Looks says what bytes look like that no reader knows; "" where that is not known either.
func Looks(head []byte) string {
	if len(head) == 0 {
		return "an empty file"
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.magic)) {
			return m.is
		}
	}
	if len(head) > 262 && string(head[257:262]) == "ustar" {
		return "a tar archive"
	}
	if IsBinary(head) {
		return "a binary file"
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return "a file of blanks"
	}
	for _, l := range textLooks {
		if l.re.Match(head) {
			return l.is
		}
	}
	return ""
}

// IsBinary reports whether most of what stands there is no text. A few bytes that are none do not
// count: a log may have been torn.
func IsBinary(head []byte) bool {
	odd := 0
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' && r != '\f' && r != '\x1b' || r == utf8.RuneError && n == 1 {
			odd++
		}
		i += n
	}
	return odd > len(head)/10
}
