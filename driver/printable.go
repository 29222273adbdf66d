package driver

import (
	"strconv"
	"strings"
	"unicode"
)

// printable is a text from outside as a terminal can show it: what would move its cursor, or change
// its colours, is written as in Go.
func printable(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRune(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}
