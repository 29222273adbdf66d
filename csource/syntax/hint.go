package syntax

import "strings"

// wordsForTypes are the keywords somebody may have meant where an unknown type stands.
const wordsForTypes = `return goto break continue case default static extern const volatile inline typedef struct union enum
void char short int long float double signed unsigned`

// maxGuesses bounds the names that are compared for the hints of one program: 51 hints among 10,000
// names.
const maxGuesses = 1 << 19

// suggestType returns "did you mean `x`?" for the type or keyword nearest to name, or nothing when
// none is near.
func (n *names) suggestType(name string) string {
	if n.guesses += len(n.table); n.guesses > maxGuesses || len(name) > maxGuessed {
		return ""
	}
	candidates := strings.Fields(wordsForTypes)
	for known, m := range n.table {
		if m == typeName {
			candidates = append(candidates, known)
		}
	}
	return didYouMean(name, candidates)
}

// maxGuessed is how long a name may be for which another is proposed.
const maxGuessed = 100

// didYouMean returns a hint naming the candidate nearest to name, at most a third of it away; of
// equally near ones the first in the order of names.
func didYouMean(name string, candidates []string) string {
	best, bestDistance := "", max(1, len(name)/3)+1
	for _, c := range candidates {
		if d := len(c) - len(name); d > bestDistance || -d > bestDistance {
			continue
		}
		if d := editDistance(name, c); d < bestDistance || d == bestDistance && best != "" && c < best {
			best, bestDistance = c, d
		}
	}
	if best == "" {
		return ""
	}
	return "did you mean `" + best + "`?"
}

// editDistance counts the single-letter insertions, deletions, replacements and swaps of neighbours
// between a and b. Letters that differ only in case are equal here.
func editDistance(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		for j := range len(b) {
			replace := row[j]
			if a[i] != b[j] {
				replace++
			}
			next[j+1] = min(replace, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
