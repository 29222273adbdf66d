package scenarios

import (
	"fmt"
	"strings"
)

// maxCandidates is how many candidates are looked at.
const maxCandidates = 5000

// Nearest is the candidate nearest to what was written; "" when none is near.
func Nearest[S, C ~string](written S, candidates []C) string {
	best, distance := "", len(written)/2+1
	for _, c := range candidates[:min(len(candidates), maxCandidates)] {
		if d := len(c) - len(written); d >= distance || -d >= distance {
			continue
		}
		if d := editDistance(strings.ToLower(string(written)), strings.ToLower(string(c))); d < distance {
			best, distance = string(c), d
		}
	}
	return best
}

// maxListed is how many candidates are listed.
const maxListed = 12

// Hint proposes the candidate nearest to what was written, or lists the candidates when none is
// near.
func Hint[S, C ~string](written S, candidates []C) string {
	if best := Nearest(written, candidates); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	if len(candidates) == 0 {
		return ""
	}
	var listed []string
	for _, c := range candidates[:min(len(candidates), maxListed)] {
		listed = append(listed, string(c))
	}
	if len(candidates) > maxListed {
		listed = append(listed, "...")
	}
	return "one of " + strings.Join(listed, ", ")
}

// editDistance counts the insertions, deletions, replacements and swaps of neighbours that turn a
// into b.
func editDistance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return max(len(a), len(b))
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
