package model

import "slices"

// An Explanation tells somebody who meets a broken rule in a report what it means.
type Explanation struct {
	Name  string // of the [Kind], or of the [Verdict] where it has no kind
	Title string // what is wrong, in a few words
	Help  string // why that is wrong, and what to do
}

// Explain finds the explanation of a kind or of a verdict; false when there is none of that name.
func Explain(name string) (Explanation, bool) {
	for _, e := range Explanations() {
		if e.Name == name {
			return e, true
		}
	}
	return Explanation{}, false
}

// Explanations lists what a report may find: by kind, in the order of [Kinds], and by verdict where
// there is no kind.
func Explanations() []Explanation {
	return append(slices.Clone(kinds), []Explanation{
		{
			string(Deadlock), "No thread can go on",
			"Every thread that is not finished waits for something that nobody will give.",
		},
		{
			string(PartialDeadlock), "Some thread can never finish",
			"Others run on, but from here on no way leads these threads to their end.",
		},
		{
			string(Starvation), "A thread can be passed over for ever",
			"Others take turns in such a way that this thread never gets what it waits for, though the scheduler is fair. " +
				"Serve in the order of arrival: a queue, tickets, or hand what is let go to the waiter that is woken.",
		},
		{
			string(Violation), "A rule is broken",
			"A step is taken that the rules forbid; the message says which, and the steps how it comes to that.",
		},
		{
			string(Unreached), "Some of the C is never reached",
			"The suite demands that its scenarios reach all of it. Add a scenario, an argument or a fault that " +
				"leads there, or leave the code out.",
		},
		{
			string(OK), "A defect that a scenario expects is gone",
			"The scenario expects something to go wrong and it does not any more. If the defect was repaired, " +
				"change what the scenario expects.",
		},
	}...)
}
