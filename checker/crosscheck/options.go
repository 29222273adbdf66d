package crosscheck

// Options say how an exported model introduces itself.
type Options struct {
	// Scenario is where the program comes from, as a command line names it: suite:scenario.
	Scenario string
	// File is the file of the suite, for the header.
	File string
	// Module names the TLA+ module, which must be the name of its file; "" makes a name from
	// Scenario.
	Module string
	// Separate is about Promela: every thread has a process type of its own, instead of one for
	// equal threads. The modes of SPIN 6.5.2 that reorder processes (-p_permute and its like, which
	// -swarm uses) mistake one process for another of its type.
	Separate bool
	// Reducible is about Promela: steps that touch nothing shared do not look at err, so that
	// SPIN's own partial-order reduction may tell them apart from others. Verdicts stay, but after
	// an error such steps go on: the number of states is no longer comparable where a rule is
	// broken.
	Reducible bool
	// Progress is about Promela: the threads, from 0, of which it is progress in the sense of SPIN
	// that they are finished or complete a round. A non-progress cycle (-DNP, pan -l) is then an
	// infinite run in which none of these does. Such a model has states of its own for completed
	// rounds, and is for programs that break no rule and do not deadlock. nil: the model is not about
	// that.
	Progress []int
}
