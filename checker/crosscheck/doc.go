// Package crosscheck lets other model checkers answer the question that [search.Search] answers:
// it writes a [model.Program] as a Promela model (SPIN) or a TLA+ module (TLC), runs those tools
// where they are installed, and compares verdicts, kinds of broken rules, and the number of
// reachable states.
//
//	err := crosscheck.Promela(file, program, crosscheck.Options{Scenario: "driver-held:alone"})
//
//	theirs, err := crosscheck.Run(ctx, crosscheck.SPIN, program, crosscheck.RunOptions{})
//	for _, m := range crosscheck.Compare(ours, theirs) {
//		fmt.Println(m)
//	}
//
// The exported models mean exactly what [model.Machine] means: one step of theirs is one step of
// ours, and their reachable states are ours, one to one, with the reductions of both sides off. A
// broken rule is a state of its own: the state in which the check failed together with the kind, in
// the variable err, without successors. Leaks are predicates on states, and add none.
//
// # What the engines decide
//
// Both find every violation with its kind, and every deadlock. That some thread can never finish
// while others run on (partial deadlock: AG EF "the thread completes" is false) is a property of
// the branching structure that neither can express. From TLC one gets the whole graph of states
// (-dump dot), and this package computes the answer from that; TLC's deadlock and invariant checks
// are its own. From SPIN one does not, so SPIN's ok agrees with ok and with partial-deadlock;
// [Outcome.Decides] says so. Starvation is not exported, and neither is the search for memory to
// which nothing leads: [Check] compares what is found without it.
//
// # Trust
//
// Both writers start from one list of guarded steps (plan.go), which repeats the meaning of each
// operation independently of the compiler in package model, and shares no code with it. The C front
// end is shared: an error there is the same on both sides.
//
// SPIN's verifier is C, and Promela can embed C: a suite must not decide a word of a model. What it
// says gets in as an identifier (names.go) or inside a comment (quote.go); the type of a model's
// text takes nothing else, and every word is looked at again before the text is given away
// (inspect.go).
package crosscheck
