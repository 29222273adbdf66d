package lower

import (
	"fmt"
	"iter"
)

const (
	maxGuesses = 1 << 19 // names compared for the hints of one unit: a hundred hints among 5,000 names
	maxGuessed = 100     // bytes of a name for which another is proposed
)

// nearest says which of the known names was probably meant, or nothing.
func (u *Unit) nearest(name string, known iter.Seq[string]) string {
	if u.diags.Full() || len(name) > maxGuessed {
		return ""
	}
	best, distance := "", len(name)/3+2
	for k := range known {
		if u.guesses++; u.guesses > maxGuesses {
			return ""
		}
		u.meter.Work(1)
		if d := editDistance(name, k, distance); d < distance || d == distance && best != "" && k < best {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %s?", best)
}

// editDistance counts insertions, deletions and substitutions (Levenshtein), and gives up above
// limit.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

func plural(n int, what string) string {
	switch n {
	case 0:
		return "no " + what
	case 1:
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
