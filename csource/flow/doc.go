// Package flow makes control-flow graphs of C functions: basic blocks whose branches test one
// atomic condition each, and in which every call is evaluated whenever its block is entered.
//
// Conditions are taken apart at && and ||, ! and ?:, also where they stand inside of an expression.
// What was evaluated before such a place, and is needed after it, is kept in a [syntax.Temp]. So
// this function
//
//	int f(obj *o)
//	{
//	    int n = o->n;
//	    if (n > 0 && ready(o))
//	        return g(n, o->a ? 1 : 2);
//	    return -1;
//	}
//
// has this graph, as [Graph.String] writes it:
//
//	0:  declare n
//	    init n = o->n
//	    branch n > 0: 1 else 7
//	1:  branch ready(o): 2 else 7
//	2:  branch o->a: 3 else 4
//	3:  set t0 = 1
//	    jump 5
//	4:  set t0 = 2
//	    jump 5
//	5:  return g(n, t0)
//	7:  return -1
//
// Blocks stand in the order of their source, and so do the items in them: who reads them one after
// the other sees the names of the function declared before they are used. Names are resolved by
// [Env.Find].
//
// # What a graph holds
//
// All statements of C, with GNU's case ranges and statement expressions; labels and cases anywhere;
// the end of a scope, for the variables with a clean-up attribute that it ends, whichever way it is
// left ([Leave]); and the macros that may leave the function ([vocabulary.HiddenExit]), as a branch
// that is marked as hidden.
//
// # What it leaves out
//
// No condition is decided, but for integer constants: `while (1)` has no way out, `while (x == x)`
// has. Operands of sizeof and what is in braces stand as they are, and so do arguments of messages
// that touch nothing and hold what a graph does not know ([Told]). A requires has a way past it
// ([Precondition]). What exit and abort end, longjmp and signal handlers are not known; asm, a
// computed goto and macros that govern a block are an item of their own, [Other]. Blocks that no
// path reaches are there, with Live false.
//
// Making a graph takes time and memory linear in the size of the function, but for gotos out of
// scopes with clean-ups, each of which repeats those clean-ups.
package flow
