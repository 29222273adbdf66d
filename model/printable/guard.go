package printable

import (
	"slices"
	"strings"
	"unicode"
)

// A guard goes along a text and finds the runes without which it would give a command to a CI
// runner. GitHub takes a line that begins with two colons, blanks before them not counted, and ##[
// anywhere; Azure ##vso[ and TeamCity ##teamcity[. GitLab's section markers need a carriage return
// and an escape.
type guard struct {
	past  bool // something other than blanks stands on the line
	colon bool // one colon stands there and nothing else

	hashes int
	word   []byte // letters after the hashes
}

// markers are the words between two hashes and a bracket.
var markers = []string{"", "vso", "teamcity"}

// longest is the length of the longest of them.
const longest = 8

// breaks takes the next rune, and reports whether it completes a command.
func (g *guard) breaks(r rune) bool {
	if r == '\n' || r == '\r' {
		g.line()
		return false
	}
	command := r == ':' && g.colon || r == '[' && g.marked()
	g.begin(r)
	g.mark(r)
	return command
}

// line begins another line.
func (g *guard) line() { *g = guard{word: g.word[:0]} }

// begin follows how a line begins.
func (g *guard) begin(r rune) {
	g.colon = r == ':' && !g.past && !g.colon
	if !g.colon && !unicode.IsSpace(r) && r != '\uFEFF' {
		g.past = true
	}
}

// marked reports whether a bracket would complete a marker.
func (g *guard) marked() bool {
	return g.hashes >= 2 && slices.Contains(markers, strings.ToLower(string(g.word)))
}

// mark follows hashes and the letters after them.
func (g *guard) mark(r rune) {
	letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	switch {
	case r == '#' && len(g.word) == 0:
		g.hashes++
	case r == '#':
		g.hashes, g.word = 1, g.word[:0]
	case letter && g.hashes >= 2 && len(g.word) < longest:
		g.word = append(g.word, byte(r))
	default:
		g.hashes, g.word = 0, g.word[:0]
	}
}

// escaped notes that an escape stands there.
func (g *guard) escaped() {
	g.past, g.colon, g.hashes, g.word = true, false, 0, g.word[:0]
}
