package model

// A Verdict is the answer to "does this program keep the rules?".
type Verdict string

// The verdicts, worst first. Unknown is an answer: a limit was hit before the search could tell.
const (
	Violation       Verdict = "violation"
	Deadlock        Verdict = "deadlock"
	PartialDeadlock Verdict = "partial-deadlock"
	Starvation      Verdict = "starvation"
	Unknown         Verdict = "unknown"
	OK              Verdict = "ok"
)

// Verdicts lists every verdict in the order of severity.
func Verdicts() []Verdict {
	return []Verdict{Violation, Deadlock, PartialDeadlock, Starvation, Unknown, OK}
}
