// Package lockorder builds the lock-order graph of a program: which locks and jobs are asked for
// while others are held.
//
// An edge A -> B says that in some reachable state a thread that holds A asks for B. It is built
// from every location that the search reached, not from a lucky run. The job counts as a lock: its
// owner holds it from BeginJob to EndJob, and a thread that sleeps until the job is free asks for
// it. Each edge keeps its witnesses: thread, function, source line.
//
// A cycle in the graph is a suspicion, and where lockdep and its kin must stop, the checker goes
// on: a cycle is Real when some reachable state closes it (with a shortest interleaving as proof),
// and Guarded when none does, with what makes it impossible: a lock or job under which two of its
// edges always run, or that it would need one thread twice.
//
//	r, _ := search.Search(ctx, p, search.Options{WaitCycles: true})
//	g := lockorder.New(p, r)
//	for _, c := range g.Cycles { fmt.Println(c.Status, g.PathString(c.Path)) }
package lockorder
