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
// objects live on. Functions of real source are the exception: a slice has not all that memory is
// kept in and given back by.
func (sc *Scenario) ignoresLeaks() bool {
	if sc.Leaks != "" {
		return sc.Leaks == IgnoreLeaks
	}
	if sc.Suite.Leaks == "" {
		return sc.Suite.real != nil
	}
	return sc.Suite.Leaks == IgnoreLeaks
}
