// Package measure times searches over a grid of threads, domains and mixes of thread bodies, with
// and without reductions, and beside other engines on the exported model. It measures and does not
// judge: a rate says something about the machine on which it was taken.
package measure
