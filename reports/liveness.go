package reports

import "fmt"

// LivenessLines says in words what a loop does, and how often who waits for a job is overtaken at
// most; nothing where nobody asked.
func LivenessLines(r *Result) []string {
	if r.Liveness == nil {
		return nil
	}
	var lines []string
	if r.Loop != nil && r.Counterexample != nil {
		lines = append(lines, loopText(r))
	}
	for _, b := range r.Liveness.Bypasses {
		often := "can be overtaken any number of times"
		switch {
		case b.Bound != nil && *b.Bound == 0:
			often = "is never overtaken"
		case b.Bound != nil:
			often = "is overtaken at most " + plural(*b.Bound, "time")
		}
		lines = append(lines, fmt.Sprintf("T%d %s while it waits for %s", b.Thread, often, b.Job))
	}
	return lines
}

// loopText says which steps make the loop.
func loopText(r *Result) string {
	n := len(r.Counterexample.Steps)
	if r.Loop.First == n {
		return fmt.Sprintf("step %d leads back to where it begins, and may be repeated for ever", n)
	}
	return fmt.Sprintf("steps %d to %d lead back to where they begin, and may be repeated for ever", r.Loop.First, n)
}
