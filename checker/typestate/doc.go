// Package typestate finds protocol bugs in C that is not run: on which path a lock, a job, a
// monitor or a reference is taken and not given back, given back without having it, or needed and
// missing.
//
// One function is looked at at a time, after those that it calls. The rules are those of a
// [Contract], which is C itself: what its helpers require and do is computed from their bodies, by
// the same engine that summarises the functions of the tree.
package typestate
