package scenarios

// Leaks says what a scenario does about memory that a thread has allocated and to which nothing
// leads any more when all threads are finished.
type Leaks string

// What a scenario does about memory to which nothing leads.
const (
	CheckLeaks  Leaks = "check"  // it is a violation: memory-leak
	IgnoreLeaks Leaks = "ignore" // nobody looks
)

// AllLeaks lists every word.
func AllLeaks() []Leaks { return []Leaks{CheckLeaks, IgnoreLeaks} }

// ignoresLeaks reports what the scenario says, or its suite. Where neither says anything, leaks are
// looked for: memory that something still leads to is none, so nothing is asked of a scenario whose
// objects live on.
func (sc *Scenario) ignoresLeaks() bool {
	if sc.Leaks != "" {
		return sc.Leaks == IgnoreLeaks
	}
	return sc.Suite.Leaks == IgnoreLeaks
}
