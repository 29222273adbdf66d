// Package search visits every state that a [model.Program] can reach and says which rule breaks, by
// which shortest way: breadth first, level by level, on several workers of which each owns a part
// of the visited set.
//
//	r, err := search.Search(ctx, p, search.Options{Workers: 2, Reduce: search.Reduction{Auto: true}})
//	for _, f := range r.Findings { ... f.Trace ... }
//
// What it can find is a broken check, a deadlock, and, by a second pass backwards over the graph, a
// state from which some thread can never finish (a partial deadlock). States are packed words in
// one arena; an index of 32-bit entries finds them. Reductions leave states out and keep verdict
// and kinds: steps that nobody else sees are merged with the step before (a partial-order reduction
// after Lipton), and states that exchanges of equal threads and domains make of each other are
// visited once (symmetry, after Ip and Dill).
//
// No result depends on the number of workers. The time is that of the transitions; the memory about
// 20 bytes a state of one word. Every limit ends all phases; what was found until then stands, and
// an answer "ok" becomes "unknown".
package search
