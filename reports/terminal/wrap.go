package terminal

import (
	"io"
	"strings"

	"github.com/lockproof/lockproof/reports"
)

// wrap breaks text into lines of at most width bytes, at blanks where there are any, and inside a
// word only when the word alone is too long: then at one of its joints, as in vm1.|mon or lock(|&x)
// or job|Active.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	width = max(1, width)
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for len(word) > width {
			cut := joint(word, width)
			lines = append(lines, word[:cut])
			word = word[cut:]
		}
		line = word
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// Hanging writes text after a head, and further lines below its beginning.
func Hanging(b io.StringWriter, head, text string, style Style) {
	head = reports.Flat(head)
	for _, line := range wrap(reports.Flat(text), max(20, style.width()-len(head))) {
		b.WriteString(head + line + "\n")
		head = strings.Repeat(" ", len(head))
	}
}

// joint is where a word that is too long is cut.
func joint(word string, width int) int {
	for i := width; i > width/2; i-- {
		if strings.IndexByte("(,.>-_", word[i-1]) >= 0 || isLower(word[i-1]) && isUpper(word[i]) {
			return i
		}
	}
	return width
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// clip keeps the first lines, and says so when there were more.
func clip(lines []string, limit, width int) []string {
	if len(lines) <= limit {
		return lines
	}
	last := lines[limit-1]
	if len(last) > width-3 {
		last = last[:max(0, width-3)]
	}
	return append(lines[:limit-1:limit-1], last+"...")
}
