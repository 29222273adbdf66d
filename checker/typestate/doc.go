// Package typestate finds protocol bugs in C that is not run: on which path a lock, a job, a
// monitor or a reference is taken and not given back, given back without having it, or needed and
// missing.
//
//	c, err := typestate.ParseContract(ctx, "mine.c", sources, syntax.Options{})
//	r, err := typestate.Check(ctx, files, typestate.Options{Contract: c})
//	for _, f := range r.Findings { ... f.Pos, f.Kind, f.Message, f.Path ... }
//
// # A contract
//
// The rules are those of a [Contract], which is C itself: structs whose fields have roles (owner,
// refcount, listed, class, guarded_by) and helpers with requires and check. What a helper needs and
// does is computed from its body, by the engine that summarises the functions of the tree. Where a
// contract defines a function, its body counts and not the tree's. A call that gives another number
// of arguments is matched by their types, so that a driver argument may come and go.
//
// # One function
//
// All paths of its [flow.Graph] are followed, with what each knows: of every lock and job whether
// this thread holds it, of objects whether they are there, may have been freed, and how many
// references were taken; what variables hold; how conditions came out that stand more than once.
// What callers hold is not known at first. What a path does first tells what it needs: to unlock is
// to need the lock. A function that is given a domain starts outside of its monitor.
//
// A summary is a set of ways: what has to hold at the call, what is held afterwards, the class of
// the result. At a call, each way that the state allows is followed. Where it allows none, that is
// the finding, and it stands there: the state is mended afterwards, so that callers do not inherit
// it.
//
// States that agree on the protocol are joined where they meet, but for three. Ways through a
// callee that its result does not tell apart leave a lock or job unknown on which they do not
// agree. Unknown makes no finding.
//
// # Where it is
//
// world, relevant, prepare and queue choose the functions, take them apart and put them in order;
// run follows one, block by block as agenda has them, with call, apply, eval, lvalue, store and
// narrow. What a path knows is in state, memory, value, place and types. Summaries: effect,
// summary, reduce; calls of them: calling, need. What a function tells of others: told. Calls by
// pointer: pointerscan and initialised read them, callgraph says what they mean, back notes who
// holds what meanwhile, chase puts it together. Two trees: compare, with same, twin and moved. The
// other files are a rule each, with what it is about at the top. Findings: result, report, and
// root, which moves them to where they belong.
//
// # What it does not see
//
// Locks of elements of arrays are not told apart, and so not followed. A call by a pointer does
// nothing, but for locks that its caller holds and that a function takes which may be meant: one
// that was stored in that field, or handed to a callee that calls it. Two pointers are two objects
// unless one was copied from the other, or both are the same path. Recursion is followed twice. A
// recursive mutex is held once, or it is not known how often. Other threads are not followed at
// all: a field that a lock guards is unknown once it was dropped. What was not understood is
// counted in [Result.Counts].
package typestate
