// Package diagnose says why a libvirtd hangs, from what people have when it does: lines of a log,
// the stacks of its threads, a trace.
//
// Each kind of input has a [Reader], which knows its own by the first bytes and turns what it reads
// into a [Diagnosis]: who holds what, who waits for it, what the cause is, how sure that is, and
// what the input cannot tell. One vocabulary of formats, causes and unknowns serves all of them.
// Readers are given as a list, in a plain slice: there is no registry.
//
//	r, err := diagnose.Choose(readers, head)
//	if err != nil {
//		return err // an *Unreadable: what the input looks like, and what to send instead
//	}
//	d, err := r.Read(ctx, inputs)
//
// Every claim of a diagnosis carries the lines that it rests on, and says which of its parts the
// input does not state but were inferred. Input is hostile: readers keep a bounded amount of it,
// and what they leave out they count.
package diagnose
