package files

import (
	"bytes"
	"regexp"
	"unicode/utf8"
)

// A look is what a text begins with that is of one sort.
var looks = []struct {
	magic string
	is    string
}{
	{"\x7fELF", "an ELF binary"},
	{"MZ", "a Windows binary"},
	{"\xcf\xfa\xed\xfe", "a Mach-O binary"},
	{"\xca\xfe\xba\xbe", "a Mach-O binary"},
	{"!<arch>\n", "a library of object files"},
	{"%PDF-", "a PDF"},
	{"%!PS", "PostScript"},
	{"\x89PNG", "a picture"},
	{"GIF8", "a picture"},
	{"\xff\xd8\xff", "a picture"},
	{"PK\x03\x04", "a ZIP archive"},
	{"\x1f\x8b", "a gzip file"},
	{"\xfd7zXZ", "an xz file"},
	{"(\xb5/\xfd", "a zstd file"},
	{"SQLite format 3", "a database"},
	{"\xff\xfe", "UTF-16"},
	{"\xfe\xff", "UTF-16"},
}

var textLooks = []struct {
	re *regexp.Regexp
	is string
}{
	{
		regexp.MustCompile(
			`^[\[<(]?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\d\d:\d\d:\d\d|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d+ \d\d:\d\d|\d+\] )`), "a log",
	},
	{regexp.MustCompile(`^\s*(\{\s*("[^"\n]*"\s*:|\})|\[\s*[\[{"0-9\]])`), "JSON"},
	{regexp.MustCompile(`(?i)^\s*<(\?xml|!doctype|html|svg)`), "XML or HTML"},
	{regexp.MustCompile(`^#!`), "a script"},
	{regexp.MustCompile(`^\s*(--- |diff --git )`), "a patch"},
}

// LooksLike says what a file seems to be that is neither C nor YAML; "" where it may be what it is
// taken for. Binary reports whether it is no text at all.
func LooksLike(text []byte) (what string, binary bool) {
	head := text[:min(len(text), 4096)]
	for _, l := range looks {
		if bytes.HasPrefix(head, []byte(l.magic)) &&
			(len(l.magic) > 2 || !utf8.Valid(head) || bytes.IndexByte(head, 0) >= 0) {
			return l.is, true
		}
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return "a binary file", true
	}
	for _, l := range textLooks {
		if l.re.Match(head) {
			return l.is, false
		}
	}
	return "", false
}
