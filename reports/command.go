package reports

import (
	"fmt"
	"strings"
	"unicode"
)

// ShellWord is a word of a command line that is there to be copied: a file can be named like a
// command.
func ShellWord(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("/._-+=:,@%", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}

// ShellLine is a command line that is there to be copied.
func ShellLine(words ...string) string {
	var line []string
	for _, w := range words {
		line = append(line, ShellWord(w))
	}
	return strings.Join(line, " ")
}

// ReplayLine is the command line that takes an interleaving again.
func ReplayLine(r *Result, c *Counterexample) string {
	return fmt.Sprintf("%s --replay '%s'", r.Command, c.Replay)
}
